using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.Testing;
using SkiaSharp;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

/// <summary>The crops that torchvision made of the pictures beside the repository, pixel for pixel.</summary>
public sealed class ReferencePictureTests
{
    [Fact]
    public void Process_EveryReferencePicture_NoPixelDiffers()
    {
        var images = RepositoryPaths.SharedOrSkip("images");
        var references = RepositoryPaths.SharedOrSkip("reference");
        var differing = new List<string>();
        var seen = 0;
        foreach (var path in Directory.EnumerateFiles(images).Order(StringComparer.Ordinal))
        {
            var reference = SKBitmap.Decode(Path.Combine(references, Path.GetFileName(path) + ".png"));
            var actual = PictureProbe.Bytes(File.ReadAllBytes(path), new PreprocessOptions());
            var (count, worst) = Difference(reference, actual);
            if (count > 0)
                differing.Add($"{Path.GetFileName(path)}: {count} values, at most {worst} levels");
            seen++;
        }

        seen.ShouldBeGreaterThan(0);
        differing.ShouldBeEmpty();
    }

    private static (int Count, int Worst) Difference(SKBitmap expected, byte[] actual)
    {
        var (count, worst) = (0, 0);
        for (var y = 0; y < 224; y++)
        {
            for (var x = 0; x < 224; x++)
            {
                var pixel = expected.GetPixel(x, y);
                foreach (var (channel, value) in (ReadOnlySpan<(int, byte)>)[(0, pixel.Red), (1, pixel.Green), (2, pixel.Blue)])
                {
                    var off = Math.Abs(value - actual[(channel * 224 * 224) + (y * 224) + x]);
                    count += off > 0 ? 1 : 0;
                    worst = Math.Max(worst, off);
                }
            }
        }

        return (count, worst);
    }
}
