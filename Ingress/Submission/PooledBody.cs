using System.Buffers;

namespace Keda.Inference.Ingress.Submission;

/// <summary>
/// A body in one rented array. It grows as bytes arrive, not to what a header announces, so that an announcement costs nothing.
/// </summary>
internal sealed class PooledBody(BodyBudget budget) : IDisposable
{
    private const int FirstSize = 16 * 1024;
    private const int TrustedSize = 256 * 1024;
    private byte[] _array = [];

    public int Length { get; private set; }

    public Span<byte> Span => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Slice(Range range) => _array.AsMemory(0, Length)[range];

    /// <summary>Makes room once for a body of known size, as far as the announcement is believed.</summary>
    public void Expect(long? announced)
    {
        if (announced is > 0)
            Grow((int)Math.Min(announced.Value, TrustedSize));
    }

    /// <summary>Makes the body of a given length, to be filled by the caller.</summary>
    public Span<byte> Reserve(int length)
    {
        if (length > _array.Length)
            Grow(length);
        Length = length;
        return Span;
    }

    public void Append(in ReadOnlySequence<byte> bytes)
    {
        var needed = Length + checked((int)bytes.Length);
        if (needed > _array.Length)
            Grow(Math.Max(needed, Math.Max(FirstSize, _array.Length * 2)));
        bytes.CopyTo(_array.AsSpan(Length));
        Length = needed;
    }

    /// <summary>Leaves the array to the garbage collector: someone may still read it.</summary>
    public void Abandon()
    {
        budget.Return(_array.Length);
        _array = [];
        Length = 0;
    }

    public void Dispose()
    {
        var array = _array;
        Abandon();
        if (array.Length > 0)
            ArrayPool<byte>.Shared.Return(array);
    }

    private void Grow(int size)
    {
        // The pool rounds up, so the budget is settled with what it gave.
        var array = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            budget.Take(array.Length - _array.Length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(array);
            throw;
        }

        Span.CopyTo(array);
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
        _array = array;
    }
}
