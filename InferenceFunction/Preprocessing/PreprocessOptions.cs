using System.Globalization;

namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>How a picture becomes the model's input. Bound from the section <c>Preprocess</c>.</summary>
public sealed class PreprocessOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Preprocess";

    /// <summary>Length in pixels to which the short side is resized. Default 256.</summary>
    public int Resize { get; set; } = 256;

    /// <summary>Side in pixels of the square cut from the centre; 0 takes the model's own input size. Default 0.</summary>
    public int Crop { get; set; }

    /// <summary>Mean of red, green and blue, subtracted after scaling to 0…1. Default <c>0.485,0.456,0.406</c> (ImageNet).</summary>
    public string Mean { get; set; } = "0.485,0.456,0.406";

    /// <summary>Standard deviation of red, green and blue, divided by. Default <c>0.229,0.224,0.225</c> (ImageNet).</summary>
    public string Deviation { get; set; } = "0.229,0.224,0.225";

    /// <summary>Whether the EXIF orientation of a photograph is applied; torchvision's reference does not. Default false.</summary>
    public bool HonourOrientation { get; set; }

    /// <summary>
    /// Whether a large JPEG is decoded at a fraction of its size (never below twice the resized size): faster, not pixel-exact.
    /// Default false.
    /// </summary>
    public bool ScaledDecode { get; set; }

    /// <summary>The most pixels a picture may have, read from its header. Default 50,000,000.</summary>
    public long MaxPixels { get; set; } = 50_000_000;

    /// <summary>The most bytes an encoded picture may have. Default 10,485,760 (10 MB).</summary>
    public long MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>The most frames an animated picture may have; only the first is used. Default 1000.</summary>
    public int MaxFrames { get; set; } = 1000;

    /// <summary>Everything that is wrong with the values, one line each.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Resize is < 1 or > 8192)
            yield return $"Preprocess:Resize is {Resize}; it must be 1 to 8192 pixels.";
        if (Crop is < 0 or > 8192)
            yield return $"Preprocess:Crop is {Crop}; it must be 1 to 8192 pixels, or 0 for the model's input size.";
        if (Crop > Resize)
            yield return $"Preprocess:Crop ({Crop}) is larger than Preprocess:Resize ({Resize}); it must fit into the resized picture.";
        if (!TryParseTriple(Mean, out _))
            yield return $"Preprocess:Mean is '{Mean}'; it must be three numbers such as 0.485,0.456,0.406.";
        if (!TryParseTriple(Deviation, out var deviation) || deviation.Any(value => value <= 0))
            yield return $"Preprocess:Deviation is '{Deviation}'; it must be three numbers above 0 such as 0.229,0.224,0.225.";
        if (MaxPixels < 1)
            yield return $"Preprocess:MaxPixels is {MaxPixels}; it must be at least 1.";
        if (MaxBytes is < 1 or > int.MaxValue)
            yield return $"Preprocess:MaxBytes is {MaxBytes}; it must be 1 to {int.MaxValue}.";
        if (MaxFrames < 1)
            yield return $"Preprocess:MaxFrames is {MaxFrames}; it must be at least 1.";
    }

    internal static float[] ParseTriple(string text) =>
        TryParseTriple(text, out var values) ? values : throw new ArgumentException($"'{text}' is not three numbers.", nameof(text));

    internal static bool TryParseTriple(string? text, out float[] values)
    {
        var parts = (text ?? "").Split(',', StringSplitOptions.TrimEntries);
        values = new float[3];
        if (parts.Length != 3)
            return false;
        for (var i = 0; i < 3; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
                return false;
        }

        return true;
    }
}
