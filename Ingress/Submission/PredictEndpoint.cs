using Keda.Inference.Ingress.Callbacks;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Live;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.Ingress.Requests;
using Keda.Inference.Ingress.Telemetry;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Submission;

/// <summary><c>POST /predict</c> and <c>POST /functions/{name}/predict</c>.</summary>
internal sealed class PredictEndpoint(
    FunctionCatalogue functions, QueueWatch watch, PictureReader pictures, JobRunner jobs, CallbackAddresses callbacks,
    LatencyWindows latencies, IOptions<IngressOptions> options, TimeProvider time)
{
    private readonly TimeSpan _defaultTimeout = TimeSpan.FromSeconds(options.Value.DefaultTimeoutSeconds);

    public async Task<IResult> HandleAsync(HttpContext http, string? function)
    {
        var started = time.GetTimestamp();
        var queue = functions.Get(function);
        var headers = SubmissionHeaders.Read(http, _defaultTimeout, TimeSpan.FromSeconds(queue.Options.MaxTimeoutSeconds));
        await watch.ThrowIfFullAsync(queue, http.RequestAborted);

        var (jobId, callback) = await SubmitAsync(http, queue, headers);
        if (headers.RespondAsync || callback is not null)
            return await AnswerLaterAsync(http, queue, jobId, headers, started);

        // A keyed job stays: its caller may come back for the answer, or another may already be waiting for it.
        var outcome = await jobs.WaitAsync(queue, jobId, headers.Timeout, headers.IdempotencyKey is null, http.RequestAborted);
        return Answer(queue, jobId, outcome, started);
    }

    private async Task<(string JobId, string? Callback)> SubmitAsync(HttpContext http, IWorkQueue queue, SubmissionHeaders headers)
    {
        using var picture = await pictures.ReadAsync(http);
        var callback = headers.Callback ?? picture.Callback;
        if (callback is not null)
            await callbacks.CheckAsync(callback, http.RequestAborted);
        var later = headers.RespondAsync || callback is not null;
        var submission = new JobSubmission
        {
            Id = JobId.New(time),
            Body = picture.Bytes,
            ContentType = picture.ContentType,
            Timeout = headers.Timeout,
            IdempotencyKey = headers.IdempotencyKey,
            Asynchronous = later,
            Callback = callback,
            RequestId = RequestIds.Of(http),
            TraceParent = IngressTelemetry.TraceParentOf(http),
        };
        try
        {
            return (await jobs.EnqueueAsync(queue, submission), callback);
        }
        catch (WorkQueueUnavailableException)
        {
            picture.Abandon();
            throw;
        }
    }

    /// <summary>The latency of a request that nobody waits for here is seen all the same; it costs no round trip.</summary>
    private async Task ObserveAsync(IWorkQueue queue, string jobId, TimeSpan timeout, long started)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        try
        {
            if ((await queue.WaitAsync(jobId, limit.Token)).State == JobState.Succeeded)
                latencies.Record(queue.Name, time.GetElapsedTime(started));
        }
        catch (Exception exception) when (exception is OperationCanceledException or WorkQueueUnavailableException or ObjectDisposedException)
        {
            // Not seen, then.
        }
    }

    private IResult Answer(IWorkQueue queue, string jobId, JobOutcome outcome, long started)
    {
        var result = Outcomes.ResultOrThrow(outcome);
        var total = time.GetElapsedTime(started);
        latencies.Record(queue.Name, total);
        return Results.Json(PredictionResponse.Of(queue, jobId, result, total), ResponseJson.Readable.PredictionResponse);
    }

    private async Task<IResult> AnswerLaterAsync(
        HttpContext http, IWorkQueue queue, string jobId, SubmissionHeaders headers, long started)
    {
        _ = ObserveAsync(queue, jobId, headers.Timeout, started);
        if (headers.WaitFirst > TimeSpan.Zero)
        {
            using var patience = new CancellationTokenSource(headers.WaitFirst, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, http.RequestAborted);
            try
            {
                return Answer(queue, jobId, await queue.WaitAsync(jobId, either.Token), started);
            }
            catch (Exception notYet) when (notYet is OperationCanceledException or WorkQueueUnavailableException && !http.RequestAborted.IsCancellationRequested)
            {
                // It is accepted, whatever became of the wait.
            }
        }

        http.Response.Headers["Preference-Applied"] = headers.RespondAsync ? "respond-async" : default;
        http.Response.Headers.Location = RequestReference.PathOf(queue.Name, jobId);
        return RequestEndpoints.Pending(http, new(RequestReference.Format(queue.Name, jobId), "waiting", null));
    }
}
