using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Pictures;
using SkiaSharp;

namespace Keda.Inference.LoadTest.Tests.Pictures;

public sealed class PictureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loadtest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Generated_Photographs_HaveImageNetsSizesAndFormats()
    {
        var pictures = GeneratedPhotographs.Create(seed: 1);
        pictures.Average(picture => picture.Bytes.Length).ShouldBe(110_000, 15_000);
        pictures.Max(picture => picture.Bytes.Length).ShouldBeGreaterThan(200_000);
        pictures.Min(picture => picture.Bytes.Length).ShouldBeLessThan(50_000);
        foreach (var picture in pictures)
        {
            using var data = SKData.CreateCopy(picture.Bytes);
            using var codec = SKCodec.Create(data);
            $"image/{codec.EncodedFormat.ToString().ToLowerInvariant()}".ShouldBe(picture.ContentType);
        }

        pictures.Select(picture => picture.ContentType).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Generated_SameSeed_SameBytes_OtherSeed_Others()
    {
        GeneratedPhotographs.CreateSmall(3, 4).Select(picture => Convert.ToHexString(picture.Bytes))
            .ShouldBe(GeneratedPhotographs.CreateSmall(3, 4).Select(picture => Convert.ToHexString(picture.Bytes)));
        GeneratedPhotographs.CreateSmall(3, 1)[0].Bytes.SequenceEqual(GeneratedPhotographs.CreateSmall(90, 1)[0].Bytes).ShouldBeFalse();
    }

    [Theory]
    [InlineData("n01443537_goldfish.jpeg", "goldfish")]
    [InlineData("n02091032_italian_greyhound.jpeg", "italian greyhound")]
    [InlineData("holiday.jpeg", null)]
    [InlineData("n123_too_short.jpeg", null)]
    public void FromFileName_ImageNetName_GivesItsLabel(string name, string? label) => PictureLabels.FromFileName(name).ShouldBe(label);

    [Fact]
    public void Same_OtherSpelling_IsTheSameLabel()
    {
        PictureLabels.Same("African_crocodile", "african crocodile").ShouldBeTrue();
        PictureLabels.Same("tench", "goldfish").ShouldBeFalse();
    }

    [Fact]
    public void Folder_WithManifest_LabelsFromItAndFromNames()
    {
        File.WriteAllBytes(Path.Combine(_folder, "a.jpg"), [1]);
        File.WriteAllBytes(Path.Combine(_folder, "n01443537_goldfish.jpeg"), [2]);
        File.WriteAllBytes(Path.Combine(_folder, "plain.png"), [3]);
        File.WriteAllText(Path.Combine(_folder, "readme.txt"), "no picture");
        var manifest = Path.Combine(_folder, "labels.csv");
        File.WriteAllText(manifest, "# file,label\na.jpg,great white shark\n");

        PictureFolder.Read(_folder, PictureLabels.ReadManifest(manifest)).Select(picture => (picture.Name, picture.ContentType, picture.Label)).ShouldBe(
        [
            ("a.jpg", "image/jpeg", "great white shark"), ("n01443537_goldfish.jpeg", "image/jpeg", "goldfish"), ("plain.png", "image/png", null),
        ]);
    }

    [Fact]
    public void Folder_WithoutPictures_IsAUsageError() =>
        Should.Throw<UsageException>(() => PictureFolder.Read(_folder, new Dictionary<string, string>())).Message.ShouldContain("has no pictures");
}
