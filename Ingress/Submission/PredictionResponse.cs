using System.Text.Json.Serialization;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Submission;

/// <summary>The answer to a picture.</summary>
/// <param name="Id">The request's id, good for <c>/requests/{id}</c> while its result is kept.</param>
/// <param name="Model">What answered.</param>
/// <param name="Predictions">The best five classes, best first.</param>
/// <param name="Timings">Where the time went, in milliseconds.</param>
internal sealed record PredictionResponse(
    string Id, ModelIdentity Model, IReadOnlyList<ClassPrediction> Predictions, PredictionTimings Timings)
{
    public static PredictionResponse Of(IWorkQueue queue, string jobId, InferenceResult result, TimeSpan? total) =>
        new(
            RequestReference.Format(queue.Name, jobId), result.Model, result.Predictions,
            new(result.Timings.Queue, result.Timings.Preprocess, result.Timings.Inference,
                total is { } t ? Math.Round(t.TotalMilliseconds, 3) : null));
}

/// <summary>Where the time went, in milliseconds.</summary>
/// <param name="Queue">From arrival in the queue to the claim by a worker.</param>
/// <param name="Preprocess">Decoding, resizing and normalising.</param>
/// <param name="Inference">The network and the softmax.</param>
/// <param name="Total">From the request's first byte to the answer, at this server; absent when the result is fetched later.</param>
internal sealed record PredictionTimings(double Queue, double Preprocess, double Inference, double? Total);

/// <summary>A request that has not ended.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="State"><c>waiting</c> or <c>running</c>.</param>
/// <param name="Position">Jobs before it in list order, when it waits.</param>
internal sealed record PendingResponse(string Id, string State, long? Position);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PredictionResponse))]
[JsonSerializable(typeof(PendingResponse))]
internal sealed partial class ResponseJson : JsonSerializerContext
{
    public static ResponseJson Readable { get; } = new(ReadableJson.Options());
}
