using System.Buffers;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>
/// Takes a picture's rows in order and writes the resized, cropped and normalised planes. Holds only the rows that the vertical filter
/// spans, already resampled to the crop's width. Not for concurrent use.
/// </summary>
internal sealed class StreamingResampler(Normaliser normaliser, int cropWidth, int cropHeight) : IDisposable
{
    private readonly TriangleFilter _columns = new();
    private readonly TriangleFilter _rows = new();
    private readonly int _rowBytes = (cropWidth * 4 + 15) & ~15;
    private byte[] _ring = [];
    private byte[] _row = [];
    private int[] _slots = [];
    private int _ringRows;
    private int _next;
    private int _output;

    /// <summary>First source row that matters.</summary>
    public int FirstRow { get; private set; }

    /// <summary>Past the last source row that matters.</summary>
    public int EndRow { get; private set; }

    /// <summary>Prepares for a picture of the given size.</summary>
    public void Begin(int width, int height, CropGeometry geometry)
    {
        _columns.Compute(width, geometry.ResizedWidth, geometry.Left, cropWidth);
        _rows.Compute(height, geometry.ResizedHeight, geometry.Top, cropHeight);
        _ringRows = _rows.Pairs * 2;
        Grow(ref _ring, _ringRows * _rowBytes);
        Grow(ref _row, _rowBytes);
        if (_slots.Length < _ringRows)
            _slots = new int[_ringRows];
        FirstRow = _rows.First[0];
        EndRow = _rows.End[cropHeight - 1];
        _next = FirstRow;
        _output = 0;
    }

    /// <summary>
    /// Takes the next row, readable for <see cref="ResampleKernels.RowPadding"/> bytes past its end; the first one is
    /// <see cref="FirstRow"/>.
    /// </summary>
    public void Accept(ReadOnlySpan<byte> row, Span<float> planes)
    {
        ResampleKernels.Horizontal(row, _columns, _ring.AsSpan(_next % _ringRows * _rowBytes, _rowBytes));
        _next++;
        while (_output < cropHeight && _rows.End[_output] <= _next)
            Emit(planes);
    }

    public void Dispose()
    {
        _columns.Dispose();
        _rows.Dispose();
        if (_ring.Length > 0)
            ArrayPool<byte>.Shared.Return(_ring);
        if (_row.Length > 0)
            ArrayPool<byte>.Shared.Return(_row);
        _ring = _row = [];
    }

    private void Emit(Span<float> planes)
    {
        var first = _rows.First[_output];
        var taps = _rows.End[_output] - first;
        var pairs = (taps + 1) / 2;
        // A tap beyond the last has coefficient zero; any row will do for it.
        for (var tap = 0; tap < pairs * 2; tap++)
            _slots[tap] = (first + Math.Min(tap, taps - 1)) % _ringRows * _rowBytes;
        var at = _output * _rows.Pairs;
        ResampleKernels.Vertical(_ring, _slots, _rows.High.Slice(at, pairs), _rows.Low.Slice(at, pairs), _row, _rowBytes);
        normaliser.Write(_row, planes, cropWidth * cropHeight, _output * cropWidth, cropWidth);
        _output++;
    }

    private static void Grow(ref byte[] array, int length)
    {
        if (array.Length >= length)
            return;
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
        array = ArrayPool<byte>.Shared.Rent(length);
    }
}
