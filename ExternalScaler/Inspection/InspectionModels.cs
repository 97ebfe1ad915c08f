using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Keda.Inference.ExternalScaler.Decisions;

namespace Keda.Inference.ExternalScaler.Inspection;

/// <summary>The ScaledObjects decided for within the last hour.</summary>
internal sealed record ScaledObjectList(IReadOnlyList<ScaledObjectSummary> ScaledObjects);

/// <summary>One of them with its newest decision; null when it cannot be read.</summary>
internal sealed record ScaledObjectSummary(string Namespace, string Name, string Queue, DecisionRecord? Latest);

/// <summary>The decisions of a ScaledObject, for each queue it scales on.</summary>
internal sealed record ScaledObjectHistory(string Namespace, string Name, IReadOnlyList<TriggerHistory> Triggers);

/// <summary>The newest first.</summary>
internal sealed record TriggerHistory(string Queue, IReadOnlyList<DecisionRecord> Decisions);

/// <summary>What was wrong with a request.</summary>
internal sealed record InspectionError(string Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ScaledObjectList))]
[JsonSerializable(typeof(ScaledObjectHistory))]
[JsonSerializable(typeof(InspectionError))]
[JsonSerializable(typeof(InspectReport))]
internal sealed partial class InspectionJson : JsonSerializerContext
{
    /// <summary>Signs such as + and × as they are: it is read by people, served as JSON and shown as text.</summary>
    public static InspectionJson Readable { get; } =
        new(new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
