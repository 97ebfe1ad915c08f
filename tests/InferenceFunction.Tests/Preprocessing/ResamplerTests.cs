using Keda.Inference.InferenceFunction.Preprocessing;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(500, 375, 341, 256, 58, 16)]
    [InlineData(375, 500, 256, 341, 16, 58)] // (341 - 224) / 2 = 58.5 goes to the even 58
    [InlineData(256, 256, 256, 256, 16, 16)]
    [InlineData(64, 64, 256, 256, 16, 16)]
    [InlineData(259, 777, 256, 768, 16, 272)]
    public void CropGeometry_LikeTorchvision(int width, int height, long resizedWidth, long resizedHeight, long left, long top) =>
        CropGeometry.For(width, height, 256, 224, 224).ShouldBe(new CropGeometry(resizedWidth, resizedHeight, left, top));

    // Sizes around every special case of the kernels: enlarging, odd numbers of taps, clipped edges, wide supports.
    [Theory]
    [InlineData(5, 3)]
    [InlineData(31, 40)]
    [InlineData(40, 31)]
    [InlineData(257, 300)]
    [InlineData(640, 480)]
    [InlineData(1999, 701)]
    public void Resampler_AnySize_EqualsTheSameArithmeticInPlainCode(int width, int height)
    {
        var pixels = new byte[(width * height * 4) + ResampleKernels.RowPadding];
        new Random(width).NextBytes(pixels);
        const int crop = 24;
        var geometry = CropGeometry.For(width, height, 32, crop, crop);
        using var resampler = new StreamingResampler(new Normaliser([0, 0, 0], [1, 1, 1]), crop, crop);
        var planes = new float[3 * crop * crop];
        resampler.Begin(width, height, geometry);
        for (var row = resampler.FirstRow; row < resampler.EndRow; row++)
            resampler.Accept(pixels.AsSpan(row * width * 4, (width * 4) + ResampleKernels.RowPadding), planes);

        var expected = PlainResize.Crop(pixels, width, height, geometry, crop);
        Array.ConvertAll(planes, value => (byte)MathF.Round(value * 255f)).ShouldBe(expected);
    }

    [Fact]
    public void Normaliser_EveryLevel_EqualsTorchvisionsOrderOfOperations()
    {
        var row = new byte[256 * 4];
        for (var i = 0; i < 256; i++)
            row.AsSpan(i * 4, 3).Fill((byte)i);
        var planes = new float[3 * 256];
        new Normaliser([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]).Write(row, planes, 256, 0, 256);

        for (var i = 0; i < 256; i++)
        {
            planes[i].ShouldBe(((i / 255f) - 0.485f) / 0.229f);
            planes[512 + i].ShouldBe(((i / 255f) - 0.406f) / 0.225f);
        }
    }
}
