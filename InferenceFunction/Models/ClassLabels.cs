using System.Reflection;

namespace Keda.Inference.InferenceFunction.Models;

/// <summary>The words for a model's classes, in the order of its output.</summary>
internal sealed class ClassLabels
{
    private const string EmbeddedName = "imagenet-labels.txt";
    private const int MostBytes = 16 << 20;
    private readonly string[] _labels;

    private ClassLabels(string[] labels) => _labels = labels;

    public int Count => _labels.Length;

    public string this[int index] => _labels[index];

    /// <summary>The labels for a model: those of the file, or ImageNet's.</summary>
    /// <exception cref="ModelException">The file cannot be read, or its labels are not as many as the model's classes.</exception>
    public static ClassLabels For(ModelInfo model, string? file)
    {
        var labels = string.IsNullOrWhiteSpace(file) ? ImageNet() : FromFile(file);
        if (labels.Count == model.Classes)
            return labels;
        throw new ModelException(
            string.IsNullOrWhiteSpace(file)
                ? $"The model {model.Path} has {model.Classes} classes, and the built-in labels are ImageNet's {labels.Count}: give a file with one label a line as Model:Labels."
                : $"The model {model.Path} has {model.Classes} classes, and the labels file {file} has {labels.Count} lines: they must be as many.");
    }

    public static ClassLabels ImageNet()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(EmbeddedName)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {EmbeddedName}.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    private static ClassLabels FromFile(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MostBytes })
                throw new ModelException($"The labels file {file} is larger than {MostBytes >> 20} MiB: it should hold one label a line.");
            return Parse(File.ReadAllText(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The labels file {file} cannot be read: {error.Message} It should hold one label a line (Model:Labels).", error);
        }
    }

    private static ClassLabels Parse(string text) =>
        new(text.TrimEnd().Split('\n').Select(line => line.Trim()).ToArray());
}
