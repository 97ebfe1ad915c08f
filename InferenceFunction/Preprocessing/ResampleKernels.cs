using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>
/// The inner loops of the resize, over pixels of four bytes. Every path gives the same bytes as PIL's: all sums are exact 32-bit
/// integers, so their order does not matter.
/// </summary>
internal static class ResampleKernels
{
    private const int Half = 1 << (TriangleFilter.PrecisionBits - 1);

    /// <summary>Bytes that must be readable past the last pixel of a source row.</summary>
    public const int RowPadding = 16;

    /// <summary>One row: from <paramref name="source"/> (padded by <see cref="RowPadding"/>) to one pixel for each output of the filter.</summary>
    public static void Horizontal(ReadOnlySpan<byte> source, TriangleFilter filter, Span<byte> output)
    {
        ref var pixels = ref MemoryMarshal.GetReference(source);
        ref var written = ref Unsafe.As<byte, uint>(ref MemoryMarshal.GetReference(output[..(filter.Count * 4)]));
        var first = filter.First;
        ref var high = ref MemoryMarshal.GetReference(filter.High);
        ref var low = ref MemoryMarshal.GetReference(filter.Low);
        var ends = filter.End;
        for (var i = 0; i < first.Length; i++)
        {
            var pairs = (ends[i] - first[i] + 1) / 2;
            ref var start = ref Unsafe.Add(ref pixels, first[i] * 4);
            ref var highs = ref Unsafe.Add(ref high, i * filter.Pairs);
            ref var lows = ref Unsafe.Add(ref low, i * filter.Pairs);
            var sumHigh = Vector128<int>.Zero;
            var sumLow = Vector128.Create(Half);
            for (var pair = 0; pair < pairs; pair++)
            {
                var two = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, pair * 8))).AsByte();
                var spread = Vector128.Shuffle(two, Vector128.Create((byte)0, 255, 4, 255, 1, 255, 5, 255, 2, 255, 6, 255, 3, 255, 7, 255)).AsInt16();
                sumHigh += MultiplyAddPairs(spread, Unsafe.Add(ref highs, pair));
                sumLow += MultiplyAddPairs(spread, Unsafe.Add(ref lows, pair));
            }

            var value = ((sumHigh << TriangleFilter.LowBits) + sumLow) >> TriangleFilter.PrecisionBits;
            Unsafe.Add(ref written, i) = Pack(value);
        }
    }

    /// <summary>One output row from the rows that its taps name; <paramref name="bytes"/> of each, a multiple of 16.</summary>
    /// <param name="rows">The base of the ring of rows.</param>
    /// <param name="slots">Offsets of the rows in it, two for each pair.</param>
    /// <param name="high">Upper halves of the coefficients.</param>
    /// <param name="low">Lower halves.</param>
    /// <param name="output">Where the row goes.</param>
    /// <param name="bytes">The length of a row.</param>
    public static void Vertical(
        ReadOnlySpan<byte> rows, ReadOnlySpan<int> slots, ReadOnlySpan<int> high, ReadOnlySpan<int> low, Span<byte> output, int bytes)
    {
        ref var origin = ref MemoryMarshal.GetReference(rows);
        ref var target = ref MemoryMarshal.GetReference(output[..bytes]);
        for (var column = 0; column < bytes; column += 16)
        {
            var high0 = Vector128<int>.Zero;
            var high1 = high0;
            var high2 = high0;
            var high3 = high0;
            var low0 = Vector128.Create(Half);
            var low1 = low0;
            var low2 = low0;
            var low3 = low0;
            for (var pair = 0; pair < high.Length; pair++)
            {
                var a = Vector128.LoadUnsafe(ref origin, (nuint)(slots[pair * 2] + column));
                var b = Vector128.LoadUnsafe(ref origin, (nuint)(slots[(pair * 2) + 1] + column));
                // a0 0 b0 0 a1 0 b1 0 …: pairs of 16-bit numbers, one from each row.
                var (even, odd) = (Interleave(a, b, upper: false), Interleave(a, b, upper: true));
                var (p0, p1) = Vector128.Widen(even);
                var (p2, p3) = Vector128.Widen(odd);
                var (h, l) = (high[pair], low[pair]);
                high0 += MultiplyAddPairs(p0.AsInt16(), h);
                high1 += MultiplyAddPairs(p1.AsInt16(), h);
                high2 += MultiplyAddPairs(p2.AsInt16(), h);
                high3 += MultiplyAddPairs(p3.AsInt16(), h);
                low0 += MultiplyAddPairs(p0.AsInt16(), l);
                low1 += MultiplyAddPairs(p1.AsInt16(), l);
                low2 += MultiplyAddPairs(p2.AsInt16(), l);
                low3 += MultiplyAddPairs(p3.AsInt16(), l);
            }

            var words01 = Vector128.Narrow(Finish(high0, low0), Finish(high1, low1)).AsUInt16();
            var words23 = Vector128.Narrow(Finish(high2, low2), Finish(high3, low3)).AsUInt16();
            Vector128.Narrow(words01, words23).StoreUnsafe(ref target, (nuint)column);
        }
    }

    // The coefficients are not negative and add up to 1 within a rounding error that half a level absorbs, so nothing needs clipping.
    private static Vector128<int> Finish(Vector128<int> high, Vector128<int> low) =>
        ((high << TriangleFilter.LowBits) + low) >> TriangleFilter.PrecisionBits;

    private static uint Pack(Vector128<int> value)
    {
        var words = Vector128.Narrow(value, value).AsUInt16();
        return Vector128.Narrow(words, words).AsUInt32().ToScalar();
    }

    private static Vector128<byte> Interleave(Vector128<byte> a, Vector128<byte> b, bool upper)
    {
        if (Sse2.IsSupported)
            return upper ? Sse2.UnpackHigh(a, b) : Sse2.UnpackLow(a, b);
        var (wideA, wideB) = upper
            ? (Vector128.WidenUpper(a), Vector128.WidenUpper(b))
            : (Vector128.WidenLower(a), Vector128.WidenLower(b));
        return (wideA | (wideB << 8)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAddPairs(Vector128<short> values, int coefficients)
    {
        if (Sse2.IsSupported)
            return Sse2.MultiplyAddAdjacent(values, Vector128.Create(coefficients).AsInt16());
        var pairs = values.AsInt32();
        return ((pairs & Vector128.Create(0xffff)) * (coefficients & 0xffff)) + ((pairs >> 16) * (coefficients >> 16));
    }
}
