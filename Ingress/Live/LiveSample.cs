using System.Text.Json.Serialization;

namespace Keda.Inference.Ingress.Live;

/// <summary>What the page draws, at one moment. A value that is not known is absent.</summary>
/// <param name="At">Unix time in milliseconds.</param>
/// <param name="Waiting">Jobs waiting.</param>
/// <param name="InFlight">Jobs under a lease.</param>
/// <param name="Replicas">Ready workers.</param>
/// <param name="Starting">Workers that live and are not ready.</param>
/// <param name="ArrivalsPerSecond">In the last complete second.</param>
/// <param name="P50">Median latency of this replica's answers over the last ten seconds, in milliseconds.</param>
/// <param name="P99">The 99th percentile of the same.</param>
/// <param name="Untrained">Whether a live worker has untrained weights.</param>
internal sealed record LiveSample(
    long At, long? Waiting, long? InFlight, int? Replicas, int? Starting, int? ArrivalsPerSecond, double? P50, double? P99, bool? Untrained);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveSample))]
[JsonSerializable(typeof(LiveSample[]))]
internal sealed partial class LiveJson : JsonSerializerContext;
