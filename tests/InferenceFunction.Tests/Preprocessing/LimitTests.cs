using System.Buffers.Binary;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.LocalCluster;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

public sealed class LimitTests
{
    [Fact]
    public void Process_DecompressionBomb_IsRefusedFromItsHeader()
    {
        // 900 million pixels in a few hundred bytes; a decoder that believed them would need 3.6 GB.
        var bomb = PngWriter.Write(30_000, 30_000, 8, PngWriter.Colour, [new byte[1000]]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var resident = Environment.WorkingSet;

        Refused(bomb, new PreprocessOptions()).Code.ShouldBe("image-too-large");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4 << 20);
        (Environment.WorkingSet - resident).ShouldBeLessThan(256L << 20);
    }

    [Fact]
    public void Process_JpegWithAHugeHeader_IsRefusedFromItsHeader()
    {
        var jpeg = GeneratedPictures.Jpeg();
        var frame = jpeg.AsSpan().IndexOf(new byte[] { 0xff, 0xc0 });
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 60_000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 60_000);

        Refused(jpeg, new PreprocessOptions()).Message.ShouldBe("The picture has 60000 x 60000 pixels; at most 50000000 are allowed.");
    }

    [Fact]
    public void Process_MoreBytesThanAllowed_IsRefused() =>
        Refused(GeneratedPictures.Jpeg(), new PreprocessOptions { MaxBytes = 1000 }).Code.ShouldBe("image-too-large");

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.97)]
    public void Process_TruncatedJpeg_IsRefused(double kept)
    {
        // Upright, so that the lost rows lie below the crop.
        var jpeg = GeneratedPictures.Jpeg(width: 300, height: 900);
        Refused(jpeg.AsMemory(0, (int)(jpeg.Length * kept)), new PreprocessOptions()).Code.ShouldBe("undecodable-image");
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Process_TruncatedPng_IsRefused(double kept)
    {
        var png = GeneratedPictures.Png();
        Refused(png.AsMemory(0, (int)(png.Length * kept)), new PreprocessOptions()).Code.ShouldBe("undecodable-image");
    }

    [Fact]
    public void Process_OnePixelWideAndLong_IsServed()
    {
        var png = PngWriter.Write(1, 100_000, 8, PngWriter.Grey, Enumerable.Repeat(new byte[] { 90 }, 100_000));
        PictureProbe.Bytes(png, new PreprocessOptions()).ShouldAllBe(level => level == 90);
    }

    private static UnusableInputException Refused(ReadOnlyMemory<byte> picture, PreprocessOptions options) =>
        Should.Throw<UnusableInputException>(() => PictureProbe.Bytes(picture, options));
}
