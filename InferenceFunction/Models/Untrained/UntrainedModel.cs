using System.Diagnostics;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization;

namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>The untrained ResNet18 in the cache, built when it is not there or not whole.</summary>
internal static class UntrainedModel
{
    /// <summary>The number of parameters, as torchvision counts them.</summary>
    public const long Parameters = 11_689_512;

    private const long NormalizedChannels = 4_800;
    private const int CalibrationPictures = 12;

    /// <summary>The model; <paramref name="built"/> is told the path and the milliseconds it took, when it had to be built.</summary>
    /// <exception cref="ModelException">The cache cannot be written to.</exception>
    public static ModelInfo GetOrCreate(ModelCache cache, Action<string, double> built)
    {
        if (Verified(cache.UntrainedModel, ModelPrecision.Fp32) is { } existing)
            return existing;

        var start = Stopwatch.GetTimestamp();
        OnnxFile.Save(ResNet18Builder.Build(), cache.UntrainedModel);
        built(cache.UntrainedModel, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return Verified(cache.UntrainedModel, ModelPrecision.Fp32) ?? throw Unreadable(cache.UntrainedModel);
    }

    /// <summary>
    /// The same in int8, calibrated with made-up pictures: for random weights they are as good as photographs, and a cluster can be tried
    /// in int8 without any.
    /// </summary>
    /// <exception cref="ModelException">The cache cannot be written to.</exception>
    public static ModelInfo GetOrQuantize(ModelInfo model, string path, Action<string, double> built)
    {
        if (Verified(path, ModelPrecision.Int8) is { } existing)
            return existing;

        var start = Stopwatch.GetTimestamp();
        var pictures = Enumerable.Range(0, CalibrationPictures).Select(seed => SyntheticPicture.Planes((ulong)seed, model.InputHeight, model.InputWidth));
        OnnxFile.Save(new ModelQuantizer(new QuantizationSettings()).Run(model, pictures, CancellationToken.None).Model, path);
        built(path, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return Verified(path, ModelPrecision.Int8) ?? throw Unreadable(path);
    }

    // Files appear under this name whole or not at all, so a file that reads to its end and has all its parameters is good.
    private static ModelInfo? Verified(string path, ModelPrecision precision)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            var info = ModelInspector.Inspect(path);
            // Folding adds a bias to each convolution and takes its normalisation's scale and offset away.
            var parameters = precision == ModelPrecision.Fp32 ? Parameters : Parameters - NormalizedChannels;
            return info.IsUntrained && info.Precision == precision && info.Parameters == parameters ? info : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    private static ModelException Unreadable(string path) =>
        new($"The untrained model {path} was written and cannot be read back: is the disk full or failing?");
}
