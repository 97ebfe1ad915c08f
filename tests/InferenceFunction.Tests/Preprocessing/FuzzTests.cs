using System.Globalization;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.LocalCluster;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

/// <summary>Mutated pictures through the whole preprocessing. KEDA_INFERENCE_FUZZ sets how many; a nightly run takes 10000.</summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Process_MutatedPictures_AreServedOrRefusedInFlatMemory()
    {
        var count = int.TryParse(
            Environment.GetEnvironmentVariable("KEDA_INFERENCE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
            ? wanted : 500;
        byte[][] seeds =
        [
            GeneratedPictures.Jpeg(1, 320, 240), GeneratedPictures.Png(2, 120, 90), GeneratedPictures.Webp(3, 120, 90), Bitmap(), Gif,
            PngWriter.Write(64, 64, 16, PngWriter.ColourAlpha, Enumerable.Repeat(new byte[64 * 8], 64)),
        ];
        // Smaller than in production, so that a lying header costs the test little time.
        var options = new PreprocessOptions { MaxPixels = 2_000_000 };
        using var preprocessor = new PicturePreprocessor(options, 224, 224);
        var planes = new float[preprocessor.Length];
        var random = new Random(20);
        var (served, refused) = (0, 0);
        long settled = 0;
        for (var i = 0; i < count; i++)
        {
            var seed = seeds[i % seeds.Length];
            var picture = i < seeds.Length ? seed : Mutate(seed, random);
            var outcome = await Task.Run(() => Serve(preprocessor, picture, planes), TestContext.Current.CancellationToken)
                .WaitAsync(s_hang, TestContext.Current.CancellationToken);
            _ = outcome ? served++ : refused++;
            if (i < seeds.Length)
                outcome.ShouldBeTrue($"seed {i} is a good picture");
            if (i == count / 2)
                settled = Environment.WorkingSet;
        }

        served.ShouldBeGreaterThan(count / 50);
        refused.ShouldBeGreaterThan(count / 10);
        (Environment.WorkingSet - settled).ShouldBeLessThan(96L << 20);
    }

    private static bool Serve(PicturePreprocessor preprocessor, byte[] picture, float[] planes)
    {
        try
        {
            preprocessor.Process(picture, planes);
            return planes.All(float.IsFinite);
        }
        catch (UnusableInputException)
        {
            return false; // anything else fails the test
        }
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        var picture = (byte[])seed.Clone();
        switch (random.Next(4))
        {
            case 0: // a few bytes anywhere
                for (var n = random.Next(1, 12); n > 0; n--)
                    picture[random.Next(picture.Length)] = (byte)random.Next(256);
                break;
            case 1: // header fields
                for (var n = random.Next(1, 6); n > 0; n--)
                    picture[random.Next(Math.Min(200, picture.Length))] = (byte)random.Next(256);
                break;
            case 2:
                return picture[..random.Next(1, picture.Length)];
            default: // a piece moved elsewhere
                var length = random.Next(1, Math.Min(400, picture.Length));
                picture.AsSpan(random.Next(picture.Length - length), length).CopyTo(picture.AsSpan(random.Next(picture.Length - length)));
                break;
        }

        return picture;
    }

    // 24-bit BMP, 8 x 8.
    private static byte[] Bitmap()
    {
        var bmp = new byte[54 + (8 * 24)];
        "BM"u8.CopyTo(bmp);
        (bmp[2], bmp[10], bmp[14], bmp[18], bmp[22], bmp[26], bmp[28]) = ((byte)bmp.Length, 54, 40, 8, 8, 1, 24);
        bmp.AsSpan(54).Fill(120);
        return bmp;
    }

    // A well-known GIF of one pixel.
    private static byte[] Gif => Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
}
