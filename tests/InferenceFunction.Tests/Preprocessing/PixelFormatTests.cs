using System.Buffers.Binary;
using Keda.Inference.InferenceFunction.Preprocessing;

namespace Keda.Inference.InferenceFunction.Tests.Preprocessing;

/// <summary>PIL's <c>convert('RGB')</c>, on plain pictures whose resize changes nothing.</summary>
public sealed class PixelFormatTests
{
    private const int Side = 256;

    [Fact]
    public void Process_TransparentColour_KeepsItsColourAndDropsAlpha() =>
        Levels(PngWriter.ColourAlpha, 8, [200, 100, 50, 3]).ShouldBe((200, 100, 50));

    [Fact]
    public void Process_FullyTransparentColour_KeepsItsColour() =>
        Levels(PngWriter.ColourAlpha, 8, [200, 100, 50, 0]).ShouldBe((200, 100, 50));

    [Fact]
    public void Process_GreyWithAlpha_KeepsTheGrey() =>
        Levels(PngWriter.GreyAlpha, 8, [77, 10]).ShouldBe((77, 77, 77));

    [Fact]
    public void Process_Grey_IsThreeTimesTheSame() => Levels(PngWriter.Grey, 8, [123]).ShouldBe((123, 123, 123));

    [Fact]
    public void Process_TransparentPaletteEntry_KeepsItsColour() =>
        Levels(PngWriter.Palette, 8, [1], ("PLTE", [1, 2, 3, 9, 80, 200]), ("tRNS", [255, 0])).ShouldBe((9, 80, 200));

    [Theory]
    [InlineData(0x00ff, 0)]
    [InlineData(0x1234, 0x12)]
    [InlineData(0xfe80, 0xfe)]
    public void Process_SixteenBitColour_TakesTheUpperByte(int sample, int expected)
    {
        var pixel = new byte[6];
        for (var channel = 0; channel < 3; channel++)
            BinaryPrimitives.WriteUInt16BigEndian(pixel.AsSpan(channel * 2), (ushort)sample);
        Levels(PngWriter.Colour, 16, pixel).ShouldBe((expected, expected, expected));
    }

    // Not as PIL, which cuts 16-bit grey off at 255 and so makes nearly every such picture white.
    [Fact]
    public void Process_SixteenBitGrey_TakesTheUpperByte() =>
        Levels(PngWriter.Grey, 16, [0x12, 0x34]).ShouldBe((0x12, 0x12, 0x12));

    // Not as PIL, which shows the palette's colour behind the transparency.
    [Fact]
    public void Process_TransparentGif_IsBlack() =>
        PictureProbe.Bytes(Convert.FromBase64String("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw=="), new PreprocessOptions())
            .ShouldAllBe(level => level == 0);

    private static (int Red, int Green, int Blue) Levels(byte type, byte depth, byte[] pixel, params (string, byte[])[] extra)
    {
        var row = Enumerable.Repeat(pixel, Side).SelectMany(bytes => bytes).ToArray();
        var png = PngWriter.Write(Side, Side, depth, type, Enumerable.Repeat(row, Side), extra);
        var levels = PictureProbe.Bytes(png, new PreprocessOptions());
        const int plane = 224 * 224;
        levels.AsSpan(0, plane).ToArray().Distinct().Count().ShouldBe(1);
        return (levels[0], levels[plane], levels[2 * plane]);
    }
}
