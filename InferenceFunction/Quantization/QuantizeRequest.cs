using Keda.Inference.InferenceFunction.Preprocessing;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>What <c>model quantize</c> is asked to do.</summary>
internal sealed record QuantizeRequest
{
    /// <summary>The fp32 model.</summary>
    public required string Model { get; init; }

    /// <summary>The folder with the pictures to calibrate with.</summary>
    public required string Calibrate { get; init; }

    /// <summary>The folder with the pictures to compare on; null takes every fourth of <see cref="Calibrate"/> for that.</summary>
    public string? Evaluate { get; init; }

    /// <summary>The file to write.</summary>
    public required string Output { get; init; }

    /// <summary>The most pictures of a folder that are used. Default 500.</summary>
    public int MaxPictures { get; init; } = 500;

    /// <summary>The least top-1 agreement with fp32, 0 to 1, with which the file is written. Default 0.8.</summary>
    public double MinAgreement { get; init; } = 0.8;

    /// <summary>Writes the file whatever the agreement.</summary>
    public bool Force { get; init; }

    /// <summary>How a picture becomes the model's input; as the worker's section <c>Preprocess</c>.</summary>
    public PreprocessOptions Preprocess { get; init; } = new();

    public QuantizationSettings Settings { get; init; } = new();
}
