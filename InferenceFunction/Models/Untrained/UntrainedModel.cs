using System.Diagnostics;
using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>The untrained ResNet18 in the cache, built when it is not there or not whole.</summary>
internal static class UntrainedModel
{
    /// <summary>The number of parameters, as torchvision counts them.</summary>
    public const long Parameters = 11_689_512;

    /// <summary>The model; <paramref name="built"/> is told the path and the milliseconds it took, when it had to be built.</summary>
    /// <exception cref="ModelException">The cache cannot be written to.</exception>
    public static ModelInfo GetOrCreate(ModelCache cache, Action<string, double> built)
    {
        if (Verified(cache.UntrainedModel) is { } existing)
            return existing;

        var start = Stopwatch.GetTimestamp();
        OnnxFile.Save(ResNet18Builder.Build(), cache.UntrainedModel);
        built(cache.UntrainedModel, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return Verified(cache.UntrainedModel)
            ?? throw new ModelException($"The untrained model {cache.UntrainedModel} was written and cannot be read back: is the disk full or failing?");
    }

    // Files appear under this name whole or not at all, so a file that reads to its end and has all its parameters is good.
    private static ModelInfo? Verified(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return ModelInspector.Inspect(path) is { IsUntrained: true, Parameters: Parameters } info ? info : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }
}
