using SkiaSharp;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>Turns or mirrors a picture of four-byte pixels as its EXIF orientation says.</summary>
internal static class ExifOrientation
{
    /// <summary>Writes the upright picture to <paramref name="target"/> and returns its size.</summary>
    public static unsafe (int Width, int Height) Apply(uint* source, int width, int height, SKEncodedOrigin origin, uint* target)
    {
        var swapped = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (newWidth, newHeight) = swapped ? (height, width) : (width, height);
        for (var y = 0; y < newHeight; y++)
        {
            for (var x = 0; x < newWidth; x++)
            {
                var (sourceX, sourceY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    SKEncodedOrigin.LeftBottom => (width - 1 - y, x),
                    _ => (x, y),
                };
                target[((long)y * newWidth) + x] = source[((long)sourceY * width) + sourceX];
            }
        }

        return (newWidth, newHeight);
    }
}
