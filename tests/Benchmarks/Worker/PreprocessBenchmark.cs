using System.CommandLine;
using System.Diagnostics;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.LocalCluster;
using Keda.Inference.Testing;
using SkiaSharp;

namespace Keda.Inference.Benchmarks.Worker;

/// <summary>
/// From an encoded picture to the model's floats, against SkiaSharp's own decode and resize, and against its bare decode; all on one thread
/// and alternating, picture by picture.
/// </summary>
internal sealed class PreprocessBenchmark : IBenchmark
{
    public Command ToCommand()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often every picture is taken.", DefaultValueFactory = _ => 40 };
        var folder = new Option<string?>("--images") { Description = "A folder of JPEG photographs; default: ../shared/images, or generated ones where it is absent." };
        var command = new Command("preprocess", "Milliseconds a picture from bytes to floats.") { rounds, folder };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(folder)));
        return command;
    }

    private static int Run(int rounds, string? folder)
    {
        var shared = Path.GetFullPath(RepositoryPaths.Of("..", "shared", "images"));
        folder ??= Directory.Exists(shared) ? shared : null;
        byte[][] pictures = folder is null
            ? WorkerUnderTest.Pictures
            : [.. Directory.EnumerateFiles(folder).Where(path => path.EndsWith(".jpeg", StringComparison.Ordinal)).Order().Select(File.ReadAllBytes)];
        using var exact = new PicturePreprocessor(new PreprocessOptions(), 224, 224);
        var planes = new float[exact.Length];
        var times = Alternate(
            rounds, pictures,
            picture => exact.Process(picture, planes),
            picture => ResizeWithSkia(picture),
            picture => DecodeOnly(picture));
        var (scaledGain, scaledError) = MeasureScaled(rounds / 4);
        Console.WriteLine(
            $"preprocess ms={times[0]:F2} ratio={times[0] / times[1]:F3} decode_ratio={times[0] / times[2]:F3} skia_ms={times[1]:F2} decode_ms={times[2]:F2} scaled_gain={scaledGain:F2} scaled_error_levels={scaledError:F2}");
        return 0;
    }

    /// <summary>The mean over the pictures of each one's median, in milliseconds, for each action.</summary>
    private static double[] Alternate(int rounds, byte[][] pictures, params Action<byte[]>[] actions)
    {
        var sums = new double[actions.Length];
        foreach (var picture in pictures)
        {
            var times = actions.Select(_ => new List<double>()).ToArray();
            for (var round = -5; round < rounds; round++)
            {
                for (var i = 0; i < actions.Length; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    actions[i](picture);
                    if (round >= 0)
                        times[i].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }

            for (var i = 0; i < actions.Length; i++)
                sums[i] += WorkerUnderTest.Median(times[i]) / pictures.Length;
        }

        return sums;
    }

    /// <summary>The codec's scaled decode of a 12-megapixel photograph: how much faster, and how far off in levels on average.</summary>
    private static (double Gain, double Error) MeasureScaled(int rounds)
    {
        byte[][] photographs = [GeneratedPictures.Jpeg(11, 4000, 3000)];
        using var exact = new PicturePreprocessor(new PreprocessOptions { Mean = "0,0,0", Deviation = "1,1,1" }, 224, 224);
        using var scaled = new PicturePreprocessor(
            new PreprocessOptions { Mean = "0,0,0", Deviation = "1,1,1", ScaledDecode = true }, 224, 224);
        var (exactPlanes, scaledPlanes) = (new float[exact.Length], new float[scaled.Length]);
        var times = Alternate(
            Math.Max(3, rounds), photographs, picture => exact.Process(picture, exactPlanes), picture => scaled.Process(picture, scaledPlanes));
        var error = exactPlanes.Zip(scaledPlanes, (a, b) => Math.Abs(a - b) * 255.0).Average();
        return (times[0] / times[1], error);
    }

    private static void ResizeWithSkia(byte[] picture)
    {
        using var bitmap = SKBitmap.Decode(picture);
        var scale = 256.0 / Math.Min(bitmap.Width, bitmap.Height);
        using var resized = bitmap.Resize(
            new SKImageInfo((int)(bitmap.Width * scale), (int)(bitmap.Height * scale), SKColorType.Rgba8888),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        GC.KeepAlive(resized);
    }

    private static void DecodeOnly(byte[] picture)
    {
        using var data = SKData.CreateCopy(picture);
        using var codec = SKCodec.Create(data);
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, null));
        codec.GetPixels(bitmap.Info, bitmap.GetPixels());
    }
}
