using System.Diagnostics;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.Ingress.Telemetry;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Submission;

/// <summary>Enqueues a job and waits for its end, with the deadline and the caller's presence in mind.</summary>
internal sealed partial class JobRunner(
    QueueWatch watch, IngressMetrics metrics, TimeProvider time, ILogger<JobRunner> logger)
{
    private static readonly TimeSpan s_clockSlack = TimeSpan.FromMilliseconds(20);
    private const int ExpiryTries = 25;

    /// <summary>
    /// Returns the id of the job that answers: the given one, or the known one of the same idempotency key.
    /// The body may be reused afterwards, unless it throws.
    /// </summary>
    public async Task<string> EnqueueAsync(IWorkQueue queue, JobSubmission submission)
    {
        using var activity = IngressTelemetry.Source.StartActivity("enqueue", ActivityKind.Producer);
        activity?.SetTag("messaging.destination.name", queue.Name).SetTag("messaging.message.id", submission.Id);
        // Not cancelled with the request: a job of which nobody knows whether it was stored could not be taken back.
        var outcome = await watch.GuardAsync(
            queue, () => queue.EnqueueAsync(submission with { TraceParent = activity?.Id ?? submission.TraceParent }, CancellationToken.None));
        if (outcome.Kind == EnqueueKind.Full)
        {
            throw QueueWatch.QueueFull(queue, outcome.Depth, outcome.RetryAfter);
        }

        if (outcome.Kind == EnqueueKind.KeyReused)
        {
            throw new ProblemException(
                ProblemKind.IdempotencyKeyReused, "This Idempotency-Key belongs to a request with another body; send a new key with a new picture.");
        }

        metrics.Accepted(queue.Name, outcome.Depth);
        LogAccepted(outcome.JobId, queue.Name, outcome.Kind, outcome.Depth);
        return outcome.JobId;
    }

    /// <summary>Waits for the end; a caller who leaves takes a job back that nobody else can be waiting for.</summary>
    public async Task<JobOutcome> WaitAsync(
        IWorkQueue queue, string jobId, TimeSpan timeout, bool cancelWhenAborted, CancellationToken aborted)
    {
        try
        {
            return await WaitUntilDeadlineAsync(queue, jobId, timeout, aborted);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            if (cancelWhenAborted)
                await CancelQuietlyAsync(queue, jobId);
            throw;
        }
    }

    /// <summary>Takes back a job whose caller is gone; failing to is no error, its deadline ends it.</summary>
    public async Task CancelQuietlyAsync(IWorkQueue queue, string jobId)
    {
        try
        {
            var before = await queue.CancelAsync(jobId, CancellationToken.None);
            LogLeft(jobId, before);
        }
        catch (WorkQueueUnavailableException)
        {
            LogNotTakenBack(jobId);
        }
    }

    private async Task<JobOutcome> WaitUntilDeadlineAsync(IWorkQueue queue, string jobId, TimeSpan timeout, CancellationToken aborted)
    {
        var limit = timeout;
        for (var tries = 0; ; tries++)
        {
            using var patience = new CancellationTokenSource(limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborted);
            try
            {
                return await queue.WaitAsync(jobId, either.Token);
            }
            catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
            {
            }

            var state = await ExpireAsync(queue, jobId);
            if (state == JobState.Expired || tries == ExpiryTries)
                return new(JobState.Expired, default, new("deadline-exceeded", $"No answer came within {timeout.TotalSeconds} s."), 0);
            // Redis' clock has not reached the deadline yet, or the answer came this very moment.
            limit = s_clockSlack;
        }
    }

    private static async Task<JobState> ExpireAsync(IWorkQueue queue, string jobId)
    {
        try
        {
            return await queue.ExpireAsync(jobId, CancellationToken.None);
        }
        catch (WorkQueueUnavailableException)
        {
            // The deadline holds although Redis cannot be told; it drops the job at its next claim.
            return JobState.Expired;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {JobId} in {Queue}: {Kind}, {Depth} waiting")]
    private partial void LogAccepted(string jobId, string queue, EnqueueKind kind, long depth);

    [LoggerMessage(Level = LogLevel.Information, Message = "The caller of job {JobId} left; it was {State}")]
    private partial void LogLeft(string jobId, JobState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The caller of job {JobId} left, and Redis could not be told")]
    private partial void LogNotTakenBack(string jobId);
}
