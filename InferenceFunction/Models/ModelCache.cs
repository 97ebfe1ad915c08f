namespace Keda.Inference.InferenceFunction.Models;

/// <summary>The directory in which fetched and generated models live, shared by all workers of a user.</summary>
internal sealed class ModelCache(string directory)
{
    public string Directory { get; } = Path.GetFullPath(directory);

    /// <summary>Where <c>model fetch</c> puts the zoo's ResNet18.</summary>
    public string Fetched => Path.Combine(Directory, "resnet18-v1-7.onnx");

    /// <summary>The untrained ResNet18; the name carries the recipe's version, so that a new recipe never meets an old file.</summary>
    public string UntrainedModel => Path.Combine(Directory, $"resnet18-untrained-{Untrained.ResNet18Builder.Recipe}.onnx");

    /// <summary>The cache in the given directory, or in the user's own when none is given.</summary>
    public static ModelCache In(string? directory) => new(string.IsNullOrWhiteSpace(directory) ? DefaultDirectory() : directory);

    /// <summary>The quantised file that belongs to a model: <c>NAME.int8.onnx</c> beside it.</summary>
    public static string QuantizedBeside(string model) => Path.ChangeExtension(model, ".int8.onnx");

    /// <summary>
    /// Writes a file so that others see it whole or not at all: under a name of its own first, then renamed. Two workers may write the
    /// same file at once; the later one wins with the same content.
    /// </summary>
    /// <exception cref="ModelException">The directory cannot be written to.</exception>
    public static void WriteAtomically(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            try
            {
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(
                $"The model file {path} cannot be written: {error.Message} Make the directory writable or choose another one (Model:CacheDirectory, or --output).", error);
        }
    }

    private static string DefaultDirectory()
    {
        var xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!string.IsNullOrEmpty(xdg) && Path.IsPathRooted(xdg))
            return Path.Combine(xdg, "keda-inference");
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "keda-inference", "cache");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache", "keda-inference")
            : Path.Combine(Path.GetTempPath(), "keda-inference");
    }
}
