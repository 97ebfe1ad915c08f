namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>
/// Made-up pictures with what photographs share: neighbours are alike, large shapes weigh more than small ones, the colours go together,
/// and some pictures are flat and others full of contrast.
/// </summary>
internal static class SyntheticPicture
{
    // ImageNet's normalisation of a black and of a white pixel, about.
    private const float Black = -2.1f;
    private const float White = 2.6f;
    private static readonly int[] s_cells = [2, 5, 11, 23, 47, 112];

    /// <summary>Three planes, already normalised.</summary>
    public static float[] Planes(ulong seed, int height, int width)
    {
        var normal = new SeededNormal((seed * 0x9E3779B97F4A7C15) + 1);
        var planes = new float[3 * height * width];
        var contrast = 0.4 + (0.8 * Math.Abs(normal.Next()));
        var brightness = 0.6 * normal.Next();
        foreach (var cells in s_cells)
        {
            // Shared by the colours, and a little of each one's own.
            var grey = Grid(normal, cells);
            for (var channel = 0; channel < 3; channel++)
            {
                var own = Grid(normal, cells);
                var strength = contrast * Math.Pow(cells, -0.35);
                AddLayer(planes.AsSpan(channel * height * width, height * width), height, width, grey, own, cells, strength);
            }
        }

        for (var i = 0; i < planes.Length; i++)
            planes[i] = Math.Clamp((float)(planes[i] + brightness), Black, White);
        return planes;
    }

    private static double[] Grid(SeededNormal normal, int cells)
    {
        var values = new double[(cells + 1) * (cells + 1)];
        for (var i = 0; i < values.Length; i++)
            values[i] = normal.Next();
        return values;
    }

    // Random values at the corners of a grid, and straight lines between them.
    private static void AddLayer(Span<float> plane, int height, int width, double[] grey, double[] own, int cells, double strength)
    {
        for (var y = 0; y < height; y++)
        {
            var row = (double)y * cells / height;
            for (var x = 0; x < width; x++)
            {
                var column = (double)x * cells / width;
                var value = At(grey, row, column, cells) + (0.5 * At(own, row, column, cells));
                plane[(y * width) + x] += (float)(strength * value);
            }
        }
    }

    private static double At(double[] grid, double row, double column, int cells)
    {
        var (top, left) = ((int)row, (int)column);
        var (down, right) = (row - top, column - left);
        var at = (top * (cells + 1)) + left;
        var upper = grid[at] + ((grid[at + 1] - grid[at]) * right);
        var lower = grid[at + cells + 1] + ((grid[at + cells + 2] - grid[at + cells + 1]) * right);
        return upper + ((lower - upper) * down);
    }
}
