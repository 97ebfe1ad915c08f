using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Pictures;

/// <summary>Pictures from the user's own folder.</summary>
internal static class PictureFolder
{
    /// <summary>All pictures are held in memory while they are sent, so that no disk slows the generator.</summary>
    private const long MaximumTotalBytes = 1L << 30;

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".png"] = "image/png",
        [".webp"] = "image/webp",
        [".gif"] = "image/gif",
        [".bmp"] = "image/bmp",
    };

    public static IReadOnlyList<Picture> Read(string folder, IReadOnlyDictionary<string, string> labels)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder).Where(file => ContentTypes.ContainsKey(Path.GetExtension(file)))
                .Order(StringComparer.Ordinal).ToList();
            if (files.Count == 0)
                throw new UsageException($"--images: {folder} has no pictures; expected files ending in {string.Join(", ", ContentTypes.Keys)}.");
            if (files.Sum(file => new FileInfo(file).Length) > MaximumTotalBytes)
                throw new UsageException($"--images: {folder} holds more than 1 GiB of pictures; a few hundred are enough.");
            return [.. files.Select(file => Load(file, labels))];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--images: {folder} cannot be read: {problem.Message}");
        }
    }

    private static Picture Load(string file, IReadOnlyDictionary<string, string> labels)
    {
        var name = Path.GetFileName(file);
        var label = labels.TryGetValue(name, out var known) ? known : PictureLabels.FromFileName(name);
        return new Picture(name, ContentTypes[Path.GetExtension(file)], File.ReadAllBytes(file), label);
    }
}
