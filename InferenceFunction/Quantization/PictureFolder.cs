using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>The pictures of a folder, as a worker's network sees them. Read one by one, never all at once.</summary>
internal sealed class PictureFolder
{
    private static readonly string[] s_endings = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"];
    private readonly PreprocessOptions _options;
    private readonly SortedSet<string> _skipped = new(StringComparer.Ordinal);

    private PictureFolder(IReadOnlyList<string> files, PreprocessOptions options) => (Files, _options) = (files, options);

    public IReadOnlyList<string> Files { get; }

    /// <summary>Pictures that could not be decoded so far.</summary>
    public IReadOnlyCollection<string> Skipped => _skipped;

    /// <summary>Pictures that were used so far.</summary>
    public int Used { get; private set; }

    /// <summary>The pictures in a folder and below, in the order of their names; evenly spread ones when there are more than wanted.</summary>
    /// <exception cref="ModelException">The folder cannot be read, or holds none.</exception>
    public static PictureFolder Open(string folder, int most, PreprocessOptions? options = null)
    {
        try
        {
            var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => s_endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal)
                .ToList();
            if (files.Count == 0)
                throw new ModelException($"The folder {folder} holds no picture ({string.Join(", ", s_endings)}).");
            var chosen = files.Count <= most
                ? files
                : [.. Enumerable.Range(0, most).Select(i => files[(int)((long)i * files.Count / most)])];
            return new PictureFolder(chosen, options ?? new PreprocessOptions());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The folder of pictures {folder} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Every fourth picture apart from the others: to judge by what was not calibrated with.</summary>
    /// <exception cref="ModelException">There is only one.</exception>
    public (PictureFolder Calibration, PictureFolder HeldOut) Split(string folder)
    {
        if (Files.Count < 2)
            throw new ModelException($"The folder {folder} holds one picture: some to calibrate with and others to compare with are needed (or give --evaluate FOLDER).");
        var heldOut = Files.Where((_, i) => i % 4 == 1).ToList();
        return (new PictureFolder([.. Files.Except(heldOut)], _options), new PictureFolder(heldOut, _options));
    }

    /// <summary>Each picture's planes in turn, in an array of its own.</summary>
    /// <exception cref="ModelException">None of them can be used.</exception>
    public IEnumerable<float[]> Read(ModelInfo model, Action<string> next)
    {
        if (Math.Max(model.InputWidth, model.InputHeight) > _options.Resize)
            throw new ModelException($"The model {model.Path} takes pictures of {model.InputWidth} x {model.InputHeight} pixels, and --resize is {_options.Resize}: it must be at least {Math.Max(model.InputWidth, model.InputHeight)}.");
        using var preprocessor = new PicturePreprocessor(_options, model.InputWidth, model.InputHeight);
        foreach (var file in Files)
        {
            next(file);
            var planes = new float[preprocessor.Length];
            try
            {
                preprocessor.Process(File.ReadAllBytes(file), planes);
            }
            catch (Exception error) when (error is UnusableInputException or IOException or UnauthorizedAccessException)
            {
                _skipped.Add($"{file}: {error.Message}");
                continue;
            }

            Used++;
            yield return planes;
        }

        if (Used == 0)
            throw new ModelException($"None of the {Files.Count} pictures can be used; the first: {_skipped.First()}");
    }
}
