using System.Globalization;

namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>Reads typed values out of metadata and collects what is wrong instead of stopping at the first error.</summary>
internal sealed class MetadataReader(IReadOnlyDictionary<string, string> metadata)
{
    /// <summary>Longer values are nobody's honest metadata.</summary>
    private const int LongestValue = 1024;

    /// <summary>What was wrong so far.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The value without blanks around it; null when the key is absent or its value is empty.</summary>
    public string? Text(string key)
    {
        if (!metadata.TryGetValue(key, out var value))
            return null;
        if (value.Length > LongestValue)
        {
            Errors.Add($"{key} has {value.Length} characters; at most {LongestValue} are read.");
            return null;
        }
        value = value.Trim();
        return value.Length == 0 ? null : value;
    }

    /// <summary>A whole number within bounds; null when absent or wrong.</summary>
    public int? Whole(string key, int low, int high)
    {
        if (Text(key) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high)
            return value;
        Errors.Add($"{key} is '{Shorten(text)}'; a whole number from {low} to {high} is needed.");
        return null;
    }

    /// <summary>A number within bounds; null when absent or wrong.</summary>
    public double? Number(string key, double low, double high)
    {
        if (Text(key) is not { } text)
            return null;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value) && value >= low && value <= high)
            return value;
        Errors.Add($"{key} is '{Shorten(text)}'; a number from {low} to {high} is needed.");
        return null;
    }

    /// <summary>True or false; null when absent or wrong.</summary>
    public bool? Flag(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (bool.TryParse(text, out var value))
            return value;
        Errors.Add($"{key} is '{Shorten(text)}'; true or false is needed.");
        return null;
    }

    /// <summary>Long values would drown the message.</summary>
    public static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
}
