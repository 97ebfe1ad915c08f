using System.Text.Json.Serialization;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary>What <c>/v2</c> says.</summary>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

/// <summary>What <c>/v2/models/{m}</c> says. A dimension of -1 is any.</summary>
internal sealed record ModelMetadata(
    string Name, IReadOnlyList<string> Versions, string Platform, IReadOnlyList<TensorMetadata> Inputs, IReadOnlyList<TensorMetadata> Outputs)
{
    public const string OnlyVersion = "1";

    public static ModelMetadata Of(string function) => new(
        function, [OnlyVersion], "onnxruntime_onnx",
        [
            new(InferRequest.PictureInput, "BYTES", [-1]),
            new(InferRequest.TensorInput, "FP32", [-1, .. InferRequest.ItemShape]),
        ],
        [
            new(OutputNames.Labels, "BYTES", [-1, OutputNames.Best]),
            new(OutputNames.Classes, "INT64", [-1, OutputNames.Best]),
            new(OutputNames.Probabilities, "FP32", [-1, OutputNames.Best]),
            new(OutputNames.Scores, "FP32", [-1, -1]),
        ]);
}

/// <summary>One input or output.</summary>
internal sealed record TensorMetadata(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>The outputs that may be asked for; all of them when none is named.</summary>
internal static class OutputNames
{
    public const string Labels = "labels";
    public const string Classes = "classes";
    public const string Probabilities = "probabilities";
    public const string Scores = "scores";

    /// <summary>How many classes the first three have.</summary>
    public const int Best = 5;

    public static IReadOnlyList<string> All { get; } = [Labels, Classes, Probabilities, Scores];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerMetadata))]
[JsonSerializable(typeof(ModelMetadata))]
internal sealed partial class ProtocolJson : JsonSerializerContext;
