using System.Text.RegularExpressions;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Pictures;

/// <summary>What a picture shows: from a manifest, or from a file name such as n01443537_goldfish.jpeg.</summary>
internal static partial class PictureLabels
{
    /// <summary>Labels are compared without regard to case, underscores and punctuation: "great_white_shark" is "Great white shark".</summary>
    public static string Normalise(string label) => Separators().Replace(label.ToLowerInvariant(), " ").Trim();

    public static bool Same(string one, string other) => Normalise(one) == Normalise(other);

    /// <summary>The label in an ImageNet file name, or null where the name has another form.</summary>
    public static string? FromFileName(string name)
    {
        var match = ImageNetName().Match(Path.GetFileNameWithoutExtension(name));
        return match.Success ? match.Groups["label"].Value.Replace('_', ' ') : null;
    }

    /// <summary>A manifest: one line per picture, file name and label separated by a comma or a tab.</summary>
    public static IReadOnlyDictionary<string, string> ReadManifest(string path)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var (index, line) in File.ReadLines(path).Index())
            {
                if (string.IsNullOrWhiteSpace(line) || line[0] == '#')
                    continue;
                var parts = line.Split([',', '\t'], 2, StringSplitOptions.TrimEntries);
                if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
                    throw new UsageException($"--labels: {path}, line {index + 1}: expected 'FILE,LABEL', such as 'fish.jpeg,goldfish'.");
                labels[parts[0]] = parts[1].Trim('"');
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--labels: {path} cannot be read: {problem.Message}");
        }

        return labels;
    }

    [GeneratedRegex("^n[0-9]{8}_(?<label>[A-Za-z].*)$")]
    private static partial Regex ImageNetName();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Separators();
}
