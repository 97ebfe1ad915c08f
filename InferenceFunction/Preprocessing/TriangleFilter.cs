using System.Buffers;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>
/// The coefficients of PIL's bilinear resize along one axis: a triangle widened by the scale, as 22-bit fixed-point numbers. Each is
/// split into 11-bit halves laid out in pairs of taps, because 16-bit multiply-and-add instructions then give the exact 32-bit sum.
/// </summary>
internal sealed class TriangleFilter : IDisposable
{
    public const int PrecisionBits = 32 - 8 - 2;
    public const int LowBits = 11;
    private const int LowMask = (1 << LowBits) - 1;

    private int[] _first = [];
    private int[] _ends = [];
    private int[] _high = [];
    private int[] _low = [];
    private double[] _raw = [];

    /// <summary>How many outputs there are.</summary>
    public int Count { get; private set; }

    /// <summary>Pairs of taps stored for each output; unused taps are zero.</summary>
    public int Pairs { get; private set; }

    /// <summary>First source index of each output.</summary>
    public ReadOnlySpan<int> First => _first.AsSpan(0, Count);

    /// <summary>Upper halves of the coefficients: <see cref="Pairs"/> for each output, two taps in each.</summary>
    public ReadOnlySpan<int> High => _high.AsSpan(0, Count * Pairs);

    /// <summary>Lower halves, laid out alike.</summary>
    public ReadOnlySpan<int> Low => _low.AsSpan(0, Count * Pairs);

    /// <summary>Past-the-end source index of each output.</summary>
    public ReadOnlySpan<int> End => _ends.AsSpan(0, Count);

    /// <summary>
    /// Computes the outputs <paramref name="offset"/> … + <paramref name="count"/> of a resize from <paramref name="inputSize"/> to
    /// <paramref name="outputSize"/>.
    /// </summary>
    public void Compute(int inputSize, long outputSize, long offset, int count)
    {
        var scale = (double)inputSize / outputSize;
        var filterScale = Math.Max(scale, 1.0);
        var support = 1.0 * filterScale;
        var taps = ((int)Math.Ceiling(support) * 2) + 1;
        Reserve(count, (taps + 1) / 2, taps);
        var inverse = 1.0 / filterScale;
        for (var output = 0; output < count; output++)
        {
            var centre = (offset + output + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var used = Math.Min((int)(centre + support + 0.5), inputSize) - first;
            var sum = 0.0;
            for (var tap = 0; tap < used; tap++)
            {
                var weight = Triangle((tap + first - centre + 0.5) * inverse);
                _raw[tap] = weight;
                sum += weight;
            }

            _first[output] = first;
            _ends[output] = first + used;
            var at = output * Pairs;
            for (var pair = 0; pair < Pairs; pair++)
            {
                var left = Fixed(pair * 2, used, sum);
                var right = Fixed((pair * 2) + 1, used, sum);
                _high[at + pair] = (left >> LowBits) | ((right >> LowBits) << 16);
                _low[at + pair] = (left & LowMask) | ((right & LowMask) << 16);
            }
        }
    }

    public void Dispose()
    {
        foreach (var array in (int[][])[_first, _ends, _high, _low])
            Return(array);
        _first = _ends = _high = _low = [];
    }

    private static double Triangle(double x)
    {
        x = Math.Abs(x);
        return x < 1.0 ? 1.0 - x : 0.0;
    }

    private int Fixed(int tap, int used, double sum)
    {
        if (tap >= used)
            return 0;
        var weight = sum != 0.0 ? _raw[tap] / sum : _raw[tap];
        return (int)(0.5 + (weight * (1 << PrecisionBits)));
    }

    private void Reserve(int count, int pairs, int taps)
    {
        Count = count;
        Pairs = pairs;
        Grow(ref _first, count);
        Grow(ref _ends, count);
        Grow(ref _high, count * pairs);
        Grow(ref _low, count * pairs);
        if (_raw.Length < taps)
            _raw = new double[taps];
    }

    private static void Grow(ref int[] array, int length)
    {
        if (array.Length >= length)
            return;
        Return(array);
        array = ArrayPool<int>.Shared.Rent(length);
    }

    private static void Return(int[] array)
    {
        if (array.Length > 0)
            ArrayPool<int>.Shared.Return(array);
    }
}
