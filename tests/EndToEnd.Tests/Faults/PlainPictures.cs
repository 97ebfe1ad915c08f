using SkiaSharp;

namespace Keda.Inference.EndToEnd.Tests.Faults;

internal static class PlainPictures
{
    /// <summary>A small picture of one colour.</summary>
    public static byte[] Png(int red, int green, int blue)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(256, 256, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor((byte)red, (byte)green, (byte)blue));
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
