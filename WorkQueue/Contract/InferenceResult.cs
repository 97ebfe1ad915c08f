using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keda.Inference.WorkQueue;

/// <summary>A worker's answer, the payload of a succeeded job.</summary>
/// <param name="Model">What answered.</param>
/// <param name="Predictions">The best five, best first.</param>
/// <param name="Timings">Where the time went.</param>
/// <param name="Scores">The probability of every class, in the order of the labels, when it was asked for.</param>
public sealed record InferenceResult(
    ModelIdentity Model, IReadOnlyList<ClassPrediction> Predictions, StageTimings Timings, IReadOnlyList<float>? Scores = null)
{
    /// <summary>The answer as UTF-8 JSON.</summary>
    public byte[] ToPayload() => JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Default.InferenceResult);

    /// <summary>Reads an answer.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static InferenceResult FromPayload(ReadOnlySpan<byte> payload) =>
        JsonSerializer.Deserialize(payload, ContractJson.Default.InferenceResult) ?? throw new JsonException("The answer is empty.");
}

/// <summary>What answered.</summary>
/// <param name="Name">The model's name, such as <c>resnet18</c>.</param>
/// <param name="Weights">Where its weights come from: <c>untrained</c>, or the model file's short SHA-256.</param>
/// <param name="Precision"><c>fp32</c> or <c>int8</c>.</param>
public sealed record ModelIdentity(string Name, string Weights, string Precision);

/// <summary>One class.</summary>
/// <param name="Class">Its index, from 0.</param>
/// <param name="Label">Its label.</param>
/// <param name="Probability">After softmax, 0 to 1.</param>
public sealed record ClassPrediction(int Class, string Label, double Probability);

/// <summary>Where a worker's time went, in milliseconds.</summary>
/// <param name="Queue">From arrival to claim.</param>
/// <param name="Preprocess">Decoding, resizing, normalising.</param>
/// <param name="Inference">The network and the softmax.</param>
public sealed record StageTimings(double Queue, double Preprocess, double Inference);

/// <summary>The media types a worker understands besides <c>image/*</c>.</summary>
public static class BodyTypes
{
    /// <summary>One item of the model's own input, 3 × height × width little-endian 32-bit floats, already normalised.</summary>
    public const string Tensor = "application/vnd.keda-inference.tensor+fp32";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InferenceResult))]
internal sealed partial class ContractJson : JsonSerializerContext;
