namespace Keda.Inference.InferenceFunction.Models;

/// <summary>What a worker needs to know of a model file before it opens it.</summary>
internal sealed record ModelInfo
{
    /// <summary>The value of <see cref="Weights"/> for random weights.</summary>
    public const string Untrained = "untrained";

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Its name for people: <c>resnet18</c>, or the file's name without its endings.</summary>
    public required string Name { get; init; }

    /// <summary><c>untrained</c>, or the first 12 hexadecimal digits of the file's SHA-256.</summary>
    public required string Weights { get; init; }

    /// <summary>int8 when the graph has quantised operators.</summary>
    public required ModelPrecision Precision { get; init; }

    /// <summary>The bits of a quantised weight, where the file says so.</summary>
    public int? WeightBits { get; init; }

    /// <summary>The <see cref="Weights"/> of the fp32 model it was quantised from, where the file says so.</summary>
    public string? QuantizedFrom { get; init; }

    /// <summary>The input's name.</summary>
    public required string InputName { get; init; }

    /// <summary>The number of pictures the input takes at once, or null when any number will do.</summary>
    public required int? FixedBatch { get; init; }

    /// <summary>The pictures' height in pixels.</summary>
    public int InputHeight { get; init; } = ModelInspector.Side;

    /// <summary>The pictures' width in pixels.</summary>
    public int InputWidth { get; init; } = ModelInspector.Side;

    /// <summary>The name of the output with the classes.</summary>
    public required string OutputName { get; init; }

    /// <summary>The number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>The graph ends in a softmax: its output are probabilities already.</summary>
    public required bool OutputsProbabilities { get; init; }

    /// <summary>The number of values in the weights.</summary>
    public required long Parameters { get; init; }

    /// <summary>The file's length in bytes.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Its answers mean nothing.</summary>
    public bool IsUntrained => Weights == Untrained;
}
