using SkiaSharp;

namespace Keda.Inference.LoadTest.Pictures;

/// <summary>
/// Pictures that cost a service what ImageNet's cost: about 110 KB on average, spread as widely, mostly JPEG with some PNG and WebP,
/// with a photograph's grain so that they neither compress nor decode more easily. The same seed gives the same pictures.
/// </summary>
internal static class GeneratedPhotographs
{
    public const int StandardCount = 32;

    private const double MeanBytes = 110_000;

    /// <summary>Spread of the logarithm of the size: two thirds lie between half and twice the median.</summary>
    private const double Sigma = 0.6;

    private static readonly (SKEncodedImageFormat Format, string Extension, string ContentType, int Quality)[] Formats =
    [
        (SKEncodedImageFormat.Jpeg, "jpeg", "image/jpeg", 92),
        (SKEncodedImageFormat.Png, "png", "image/png", 100),
        (SKEncodedImageFormat.Webp, "webp", "image/webp", 90),
    ];

    public static IReadOnlyList<Picture> Create(int seed, int count = StandardCount)
    {
        var random = new Random(seed);
        // Sizes at the distribution's own quantiles: already a few pictures have its mean.
        var sizes = Enumerable.Range(0, count).Select(i => SizeAt((i + 0.5) / count)).ToArray();
        var correction = MeanBytes / sizes.Average();
        random.Shuffle(sizes);
        return [.. sizes.Select((size, i) => Create(random.Next(), i, size * correction))];
    }

    /// <summary>A thumbnail of about 2 KB, to load the way to the worker rather than the worker.</summary>
    public static IReadOnlyList<Picture> CreateSmall(int seed, int count = StandardCount) =>
        [.. Enumerable.Range(0, count).Select(i => new Picture($"small-{i:000}.jpeg", "image/jpeg", Encode(seed + i, 64, 48, Formats[0]), null))];

    private static Picture Create(int seed, int index, double bytes)
    {
        // Six JPEGs, one PNG and one WebP in eight.
        var format = Formats[(index % 8) switch { 3 => 1, 6 => 2, _ => 0 }];
        const int probeWidth = 400, probeHeight = 300;
        var probe = Encode(seed, probeWidth, probeHeight, format);
        var factor = Math.Sqrt(bytes / probe.Length);
        var picture = Encode(
            seed, Math.Clamp((int)(probeWidth * factor), 48, 4000), Math.Clamp((int)(probeHeight * factor), 36, 3000), format);
        return new Picture($"generated-{index:000}.{format.Extension}", format.ContentType, picture, null);
    }

    private static byte[] Encode(int seed, int width, int height, (SKEncodedImageFormat Format, string, string, int Quality) format)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            Paint(canvas, width, height, random);
        }

        AddGrain(bitmap, random);
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(format.Format, format.Quality);
        return data.ToArray();
    }

    private static void Paint(SKCanvas canvas, int width, int height, Random random)
    {
        using var sky = SKShader.CreateLinearGradient(
            new SKPoint(0, 0), new SKPoint(random.Next(width), height), [Colour(random), Colour(random), Colour(random)], SKShaderTileMode.Clamp);
        using var texture = SKShader.CreatePerlinNoiseFractalNoise(6f / width, 6f / height, 5, random.Next(1000));
        using var both = SKShader.CreateCompose(sky, texture, SKBlendMode.SoftLight);
        using var background = new SKPaint { Shader = both };
        canvas.DrawRect(0, 0, width, height, background);
        for (var i = 0; i < 14; i++)
        {
            using var thing = new SKPaint { Color = Colour(random).WithAlpha((byte)random.Next(80, 230)), IsAntialias = true };
            canvas.DrawOval(random.Next(width), random.Next(height), random.Next(4, 5 + width / 4), random.Next(4, 5 + height / 4), thing);
        }
    }

    /// <summary>A sensor's noise: without it a painted picture has a tenth of a photograph's bytes.</summary>
    private static void AddGrain(SKBitmap bitmap, Random random)
    {
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < pixels.Length; i += 4)
        {
            var grain = random.Next(-7, 8);
            for (var channel = 0; channel < 3; channel++)
                pixels[i + channel] = (byte)Math.Clamp(pixels[i + channel] + grain, 0, 255);
        }
    }

    private static double SizeAt(double quantile) => Math.Exp(Sigma * NormalQuantile(quantile));

    /// <summary>Inverse of the normal distribution by bisection of its error function; called a few dozen times.</summary>
    private static double NormalQuantile(double probability)
    {
        var (low, high) = (-6.0, 6.0);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            if (NormalCumulative(middle) < probability)
                low = middle;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Trapezoids over the density: exact enough for picture sizes.</summary>
    private static double NormalCumulative(double x)
    {
        const int steps = 400;
        var width = (x + 8) / steps;
        var sum = 0.0;
        for (var i = 0; i < steps; i++)
        {
            var at = -8 + (i + 0.5) * width;
            sum += Math.Exp(-at * at / 2) * width;
        }

        return sum / Math.Sqrt(2 * Math.PI);
    }

    private static SKColor Colour(Random random) => new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
}
