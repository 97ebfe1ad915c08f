using SkiaSharp;

namespace Keda.Inference.LocalCluster;

/// <summary>Pictures that look a little like photographs, made from a seed: for the first picture, the demo and the tests.</summary>
internal static class GeneratedPictures
{
    /// <summary>A JPEG of the given size in pixels.</summary>
    public static byte[] Jpeg(int seed = 1, int width = 500, int height = 375, int quality = 90) =>
        Encode(seed, width, height, SKEncodedImageFormat.Jpeg, quality);

    /// <summary>A PNG of the given size in pixels.</summary>
    public static byte[] Png(int seed = 1, int width = 320, int height = 240) =>
        Encode(seed, width, height, SKEncodedImageFormat.Png, 100);

    /// <summary>A WebP of the given size in pixels.</summary>
    public static byte[] Webp(int seed = 1, int width = 320, int height = 240) =>
        Encode(seed, width, height, SKEncodedImageFormat.Webp, 85);

    private static byte[] Encode(int seed, int width, int height, SKEncodedImageFormat format, int quality)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var sky = SKShader.CreateLinearGradient(
            new SKPoint(0, 0), new SKPoint(0, height), [Colour(random), Colour(random), Colour(random)], SKShaderTileMode.Clamp);
        using var noise = SKShader.CreatePerlinNoiseFractalNoise(0.02f, 0.05f, 4, seed);
        using var background = new SKPaint { Shader = SKShader.CreateCompose(sky, noise, SKBlendMode.SoftLight) };
        canvas.DrawRect(0, 0, width, height, background);
        for (var i = 0; i < 12; i++)
        {
            using var paint = new SKPaint { Color = Colour(random).WithAlpha(200), IsAntialias = true };
            canvas.DrawOval(random.Next(width), random.Next(height), random.Next(10, width / 4), random.Next(10, height / 4), paint);
        }

        canvas.Flush();
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(format, quality);
        return data.ToArray();
    }

    private static SKColor Colour(Random random) =>
        new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
}
