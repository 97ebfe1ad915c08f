using System.Diagnostics;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>Tells the queue how a job ended; tries again while Redis is away and the lease may still be ours.</summary>
internal sealed partial class JobFinisher(
    IWorkQueue queue, LeaseKeeper leases, WorkerMetrics metrics, TimeProvider time, ILogger<JobFinisher> logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <param name="item">A job whose ending is known.</param>
    /// <param name="abandon">Cancelled when the time for an orderly stop is over.</param>
    public async Task FinishAsync(JobItem item, CancellationToken abandon)
    {
        metrics.BusySeconds.Inc(item.Busy.TotalSeconds);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(item.LeaseLost, abandon);
        var outcome = "stale";
        try
        {
            outcome = await TellAsync(item, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (!item.LeaseLost.IsCancellationRequested)
                return; // the stop releases it
        }
#pragma warning disable CA1031 // a job whose end cannot be told must not be renewed for ever; its lease ends and it is tried again
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogUntold(error, item.Job.Id, item.Job.RequestId);
        }

        Ended(item, outcome);
    }

    /// <summary>Puts a job back to the head of the queue, uncounted.</summary>
    public async Task ReleaseAsync(JobItem item, CancellationToken cancellation)
    {
        try
        {
            Ended(item, await queue.ReleaseAsync(item.Job, cancellation).ConfigureAwait(false) ? "released" : "stale");
        }
        catch (Exception error) when (error is WorkQueueUnavailableException or OperationCanceledException)
        {
            // Its lease ends by itself, and another worker takes it.
            leases.Release(item.Job);
        }
    }

    private async Task<string> TellAsync(JobItem item, CancellationToken cancellation)
    {
        if (item.Ending is JobEnding.TooLate)
        {
            // Only Redis' clock says when the deadline has passed, and nobody else needs to look at the job until then.
            var left = item.Job.Remaining - time.GetElapsedTime(item.Job.ClaimedAt) + TimeSpan.FromMilliseconds(1);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, time, cancellation).ConfigureAwait(false);
        }

        while (true)
        {
            try
            {
                return item.Ending switch
                {
                    JobEnding.Answered answered =>
                        await queue.CompleteAsync(item.Job, answered.Payload, item.Busy, cancellation).ConfigureAwait(false)
                            ? "succeeded" : "stale",
                    JobEnding.Rejected rejected =>
                        await queue.RejectAsync(item.Job, rejected.Error, item.Busy, cancellation).ConfigureAwait(false)
                            ? "rejected" : "stale",
                    JobEnding.Failed failed => Word(
                        await queue.FailAsync(item.Job, failed.Error, item.Busy, cancellation).ConfigureAwait(false)),
                    JobEnding.TooLate =>
                        await queue.ExpireAsync(item.Job.Id, cancellation).ConfigureAwait(false) == JobState.Expired ? "expired" : "stale",
                    _ => throw new InvalidOperationException($"The job {item.Job.Id} has no ending."),
                };
            }
            catch (WorkQueueUnavailableException)
            {
                await Task.Delay(s_pause, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    private void Ended(JobItem item, string outcome)
    {
        leases.Release(item.Job);
        metrics.InFlight.Set(leases.Count);
        metrics.Ended(outcome);
        var total = item.Job.QueueWait + time.GetElapsedTime(item.Job.ClaimedAt);
        metrics.Total.Observe(total.TotalSeconds);
        var error = (item.Ending as JobEnding.Rejected)?.Error ?? (item.Ending as JobEnding.Failed)?.Error;
        if (item.Activity is { } activity)
        {
            activity.SetTag("keda_inference.outcome", outcome);
            if (error is not null)
                activity.SetStatus(ActivityStatusCode.Error, $"{error.Code}: {error.Message}");
            activity.Dispose();
        }

        if (error is null)
            LogEnded(item.Job.Id, item.Job.RequestId, outcome, total.TotalMilliseconds);
        else
            LogError(item.Job.Id, item.Job.RequestId, item.Job.Attempt, outcome, error.Code, error.Message);
    }

    private static string Word(FailureDisposition disposition) => disposition switch
    {
        FailureDisposition.Retried => "failed",
        FailureDisposition.DeadLettered => "dead_lettered",
        _ => "stale",
    };

    [LoggerMessage(LogLevel.Error, "The end of job {JobId} (request {RequestId}) could not be told; it is tried again when its lease ends.")]
    private partial void LogUntold(Exception error, string jobId, string? requestId);

    [LoggerMessage(LogLevel.Debug, "Job {JobId} (request {RequestId}) {Outcome} after {TotalMs:F1} ms.")]
    private partial void LogEnded(string jobId, string? requestId, string outcome, double totalMs);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} (request {RequestId}), attempt {Attempt}: {Outcome}, {Code}: {Message}")]
    private partial void LogError(string jobId, string? requestId, int attempt, string outcome, string code, string message);
}
