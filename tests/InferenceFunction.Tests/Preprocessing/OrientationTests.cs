using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.LocalCluster;
using SkiaSharp;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

public sealed class OrientationTests
{
    // The picture 1 2 3 / 4 5 6 as stored, and as each orientation shows it (EXIF 2.32, tag 274).
    [Theory]
    [InlineData(SKEncodedOrigin.TopLeft, 3, "123456")]
    [InlineData(SKEncodedOrigin.TopRight, 3, "321654")]
    [InlineData(SKEncodedOrigin.BottomRight, 3, "654321")]
    [InlineData(SKEncodedOrigin.BottomLeft, 3, "456123")]
    [InlineData(SKEncodedOrigin.LeftTop, 2, "142536")]
    [InlineData(SKEncodedOrigin.RightTop, 2, "415263")]
    [InlineData(SKEncodedOrigin.RightBottom, 2, "635241")]
    [InlineData(SKEncodedOrigin.LeftBottom, 2, "362514")]
    public unsafe void Apply_EveryOrientation_TurnsThePictureUpright(SKEncodedOrigin origin, int width, string expected)
    {
        uint[] source = [1, 2, 3, 4, 5, 6];
        var target = new uint[6];
        fixed (uint* from = source, to = target)
            ExifOrientation.Apply(from, 3, 2, origin, to).ShouldBe((width, 6 / width));
        string.Concat(target).ShouldBe(expected);
    }

    [Fact]
    public void Process_TurnedPhotograph_IsTurnedOnlyWhenAsked()
    {
        var plain = GeneratedPictures.Jpeg(5, 300, 300);
        var turned = WithOrientation(plain, 3);

        var asStored = PictureProbe.Bytes(plain, new PreprocessOptions());
        PictureProbe.Bytes(turned, new PreprocessOptions()).ShouldBe(asStored);
        var upright = PictureProbe.Bytes(turned, new PreprocessOptions { HonourOrientation = true });
        upright.ShouldNotBe(asStored);
        // Half a turn of a plane is its reverse; the resize is symmetric but for rounding.
        const int plane = 224 * 224;
        for (var i = 0; i < plane; i++)
            Math.Abs(upright[i] - asStored[plane - 1 - i]).ShouldBeLessThanOrEqualTo(1);
    }

    private static byte[] WithOrientation(byte[] jpeg, byte orientation) =>
    [
        0xff, 0xd8, 0xff, 0xe1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0, .. jpeg[2..],
    ];
}
