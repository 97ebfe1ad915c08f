using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Live;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.Ingress.Telemetry;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary><c>POST /v2/models/{m}/infer</c>: one job for each item, so that a batch is spread over the workers.</summary>
internal sealed class InferEndpoint(
    ProtocolEndpoints models, QueueWatch watch, InferRequestReader reader, JobRunner jobs, LatencyWindows latencies,
    IOptions<IngressOptions> options, TimeProvider time)
{
    private readonly TimeSpan _defaultTimeout = TimeSpan.FromSeconds(options.Value.DefaultTimeoutSeconds);

    public async Task<IResult> HandleAsync(HttpContext http, string model, string? version)
    {
        var started = time.GetTimestamp();
        var queue = models.Find(model, version);
        var headers = SubmissionHeaders.Read(http, _defaultTimeout, TimeSpan.FromSeconds(queue.Options.MaxTimeoutSeconds));
        await watch.ThrowIfFullAsync(queue, http.RequestAborted);

        using var request = await reader.ReadAsync(http);
        var results = await RunAsync(http, queue, request, headers);
        latencies.Record(queue.Name, time.GetElapsedTime(started));
        return new InferResponse(queue.Name, request, results);
    }

    private async Task<InferenceResult[]> RunAsync(HttpContext http, IWorkQueue queue, InferRequest request, SubmissionHeaders headers)
    {
        var ids = new List<string>(request.Items.Count);
        try
        {
            for (var i = 0; i < request.Items.Count; i++)
                ids.Add(await jobs.EnqueueAsync(queue, Submission(http, request, i, headers)));
            request.Dispose();
            var waits = ids.Select(id => jobs.WaitAsync(queue, id, headers.Timeout, headers.IdempotencyKey is null, http.RequestAborted));
            return [.. (await Task.WhenAll(waits)).Select(outcome => Outcomes.ResultOrThrow(outcome))];
        }
        catch (Exception failure)
        {
            if (failure is WorkQueueUnavailableException)
                request.Abandon();
            ids.ForEach(queue.Forget);
            // Nobody wants the rest of a batch that has failed, but a keyed one may be asked for again.
            if (headers.IdempotencyKey is null)
                await Task.WhenAll(ids.Select(id => jobs.CancelQuietlyAsync(queue, id)));
            throw;
        }
    }

    private JobSubmission Submission(HttpContext http, InferRequest request, int index, SubmissionHeaders headers) => new()
    {
        Id = JobId.New(time),
        Body = request.BytesOf(request.Items[index]),
        ContentType = request.Items[index].ContentType,
        Timeout = headers.Timeout,
        IdempotencyKey = headers.IdempotencyKey is { } key ? $"{key}-{index}" : null,
        RequestId = RequestIds.Of(http),
        TraceParent = IngressTelemetry.TraceParentOf(http),
        WantScores = request.WantsScores,
    };
}
