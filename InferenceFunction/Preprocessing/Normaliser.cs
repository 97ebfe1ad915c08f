using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>
/// Bytes to the model's floats, in torchvision's order of operations (divide by 255, subtract, divide), so that the results are the
/// same to the last bit.
/// </summary>
internal sealed class Normaliser(float[] mean, float[] deviation)
{
    /// <summary>Writes one row of four-byte pixels into the same row of three planes.</summary>
    public void Write(ReadOnlySpan<byte> row, Span<float> planes, int planeLength, int offset, int width)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(row)[..width];
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = planes.Slice((channel * planeLength) + offset, width);
            var shift = channel * 8;
            var x = 0;
            for (; x + Vector256<uint>.Count <= width; x += Vector256<uint>.Count)
            {
                var value = (Vector256.Create(pixels[x..]) >> shift) & Vector256.Create(0xffu);
                var normal = ((Vector256.ConvertToSingle(value.AsInt32()) / 255f) - Vector256.Create(mean[channel])) / deviation[channel];
                normal.CopyTo(plane[x..]);
            }

            for (; x < width; x++)
                plane[x] = ((((pixels[x] >> shift) & 0xff) / 255f) - mean[channel]) / deviation[channel];
        }
    }
}
