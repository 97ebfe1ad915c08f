namespace Keda.Inference.InferenceFunction.Models;

/// <summary>Which model a worker serves; the section <c>Model</c>.</summary>
internal sealed class ModelOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Model";

    /// <summary>
    /// The ONNX file. Default: empty, which means the one that <c>model fetch</c> put into the cache, or an untrained ResNet18 when
    /// there is none.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// The arithmetic: <c>fp32</c> or <c>int8</c>. Default: fp32. With int8, a <see cref="Path"/> that is not quantised itself stands
    /// for the quantised file beside it, <c>NAME.int8.onnx</c>. A quantised <see cref="Path"/> is int8 whatever this says.
    /// </summary>
    public ModelPrecision Precision { get; set; } = ModelPrecision.Fp32;

    /// <summary>Where fetched and generated models are kept. Default: <c>keda-inference</c> in the user's cache directory.</summary>
    public string? CacheDirectory { get; set; }

    /// <summary>A text file with one label a line, in the order of the classes. Default: empty, the 1000 labels of ImageNet.</summary>
    public string? Labels { get; set; }
}

/// <summary>The arithmetic a model is computed in.</summary>
internal enum ModelPrecision
{
    /// <summary>32-bit floating point.</summary>
    Fp32,

    /// <summary>8-bit integers, with 32-bit sums.</summary>
    Int8,
}

internal static class ModelPrecisions
{
    /// <summary>The word for it in answers, metrics and options.</summary>
    public static string ToWord(this ModelPrecision precision) => precision == ModelPrecision.Int8 ? "int8" : "fp32";
}
