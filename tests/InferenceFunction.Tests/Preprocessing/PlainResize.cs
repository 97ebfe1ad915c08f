using Keda.Inference.InferenceFunction.Preprocessing;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

/// <summary>PIL's Resample.c for 8-bit pixels, written down as it stands there: two whole passes, one coefficient at a time.</summary>
internal static class PlainResize
{
    private const int Bits = 32 - 8 - 2;

    public static byte[] Crop(byte[] pixels, int width, int height, CropGeometry geometry, int crop)
    {
        var across = new byte[height * crop * 3];
        for (var x = 0; x < crop; x++)
        {
            var (first, weights) = Coefficients(width, geometry.ResizedWidth, geometry.Left + x);
            for (var y = 0; y < height; y++)
            {
                for (var channel = 0; channel < 3; channel++)
                    across[(((y * crop) + x) * 3) + channel] = Sum(weights, i => pixels[(((y * width) + first + i) * 4) + channel]);
            }
        }

        var planes = new byte[3 * crop * crop];
        for (var y = 0; y < crop; y++)
        {
            var (first, weights) = Coefficients(height, geometry.ResizedHeight, geometry.Top + y);
            for (var x = 0; x < crop; x++)
            {
                for (var channel = 0; channel < 3; channel++)
                    planes[(channel * crop * crop) + (y * crop) + x] = Sum(weights, i => across[((((first + i) * crop) + x) * 3) + channel]);
            }
        }

        return planes;
    }

    private static byte Sum(int[] weights, Func<int, byte> pixel)
    {
        var sum = 1 << (Bits - 1);
        for (var i = 0; i < weights.Length; i++)
            sum += pixel(i) * weights[i];
        return (byte)Math.Clamp(sum >> Bits, 0, 255);
    }

    private static (int First, int[] Weights) Coefficients(int inSize, long outSize, long at)
    {
        var scale = (double)inSize / outSize;
        var filterScale = Math.Max(scale, 1);
        var centre = (at + 0.5) * scale;
        var first = Math.Max((int)(centre - filterScale + 0.5), 0);
        var count = Math.Min((int)(centre + filterScale + 0.5), inSize) - first;
        var raw = Enumerable.Range(0, count)
            .Select(i => Math.Max(0, 1 - Math.Abs((i + first - centre + 0.5) * (1.0 / filterScale)))).ToArray();
        var sum = raw.Aggregate(0.0, (total, weight) => total + weight);
        return (first, Array.ConvertAll(raw, weight => (int)(0.5 + (weight / sum * (1 << Bits)))));
    }
}
