namespace Keda.Inference.WorkQueue;

/// <summary>
/// One queue. Every call is one round trip to Redis unless it says otherwise, and throws
/// <see cref="WorkQueueUnavailableException"/> within about a second when Redis cannot be reached.
/// </summary>
public interface IWorkQueue
{
    /// <summary>The queue's name.</summary>
    string Name { get; }

    /// <summary>The rules it was opened with.</summary>
    WorkQueueOptions Options { get; }

    /// <summary>Stores a job and appends its id to the list.</summary>
    Task<EnqueueOutcome> EnqueueAsync(JobSubmission submission, CancellationToken cancellation);

    /// <summary>
    /// Waits for the end of a job, whichever process enqueued it. Costs no round trip for a job that this process
    /// enqueued with <see cref="JobSubmission.ExpectReply"/>. Survives a lost connection. An unknown job ends it at once with
    /// <see cref="JobState.Unknown"/>. Cancelling only ends the waiting.
    /// </summary>
    Task<JobOutcome> WaitAsync(string jobId, CancellationToken cancellation);

    /// <summary>Gives up the answer of a job that was submitted here with <see cref="JobSubmission.ExpectReply"/> and for which nobody will wait.</summary>
    void Forget(string jobId);

    /// <summary>Says where a job stands.</summary>
    Task<JobStatus> GetStatusAsync(string jobId, CancellationToken cancellation);

    /// <summary>
    /// Takes back a job: a waiting one is removed, a running one's answer is dropped when it comes.
    /// Returns its state before the call.
    /// </summary>
    Task<JobState> CancelAsync(string jobId, CancellationToken cancellation);

    /// <summary>
    /// The caller's patience has ended: a job that has not ended becomes <see cref="JobState.Expired"/> if its deadline
    /// has passed by Redis' clock. Returns its state after the call.
    /// </summary>
    Task<JobState> ExpireAsync(string jobId, CancellationToken cancellation);

    /// <summary>
    /// Claims up to <paramref name="max"/> jobs for a worker, never more than <see cref="WorkQueueOptions.MaxDepth"/>.
    /// Expired leases are put back and jobs past their deadline answered on the way. Empty when nothing waits.
    /// </summary>
    Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string workerId, int max, CancellationToken cancellation);

    /// <summary>Completes when work may be waiting: at a signal, or after the idle poll interval.</summary>
    Task WaitForWorkAsync(CancellationToken cancellation);

    /// <summary>Prolongs leases; returns the ids of those that were no longer this worker's.</summary>
    Task<IReadOnlyList<string>> RenewAsync(IReadOnlyCollection<ClaimedJob> jobs, CancellationToken cancellation);

    /// <summary>Ends a job with an answer. False when the token was stale and nothing changed.</summary>
    /// <param name="job">The claim.</param>
    /// <param name="payload">The answer; unchanged until the call has returned.</param>
    /// <param name="busy">The time a core worked on it, for the service-rate signal.</param>
    /// <param name="cancellation">Ends the call, not the job.</param>
    Task<bool> CompleteAsync(ClaimedJob job, ReadOnlyMemory<byte> payload, TimeSpan busy, CancellationToken cancellation);

    /// <summary>Ends a job whose input is unusable. False when the token was stale.</summary>
    Task<bool> RejectAsync(ClaimedJob job, JobError error, TimeSpan busy, CancellationToken cancellation);

    /// <summary>Gives up an attempt: retried, or a dead letter after the last one.</summary>
    Task<FailureDisposition> FailAsync(ClaimedJob job, JobError error, TimeSpan busy, CancellationToken cancellation);

    /// <summary>Puts a job back to the head of the list, the attempt not counted (an orderly stop). False when the token was stale.</summary>
    Task<bool> ReleaseAsync(ClaimedJob job, CancellationToken cancellation);

    /// <summary>
    /// Puts back expired leases and answers jobs past their deadline; for when no worker lives. A call looks at the 64 oldest jobs and at 64
    /// others, which change from call to call. Returns how many it touched.
    /// </summary>
    Task<int> SweepAsync(CancellationToken cancellation);

    /// <summary>The live signals of the queue.</summary>
    Task<QueueSignals> GetSignalsAsync(CancellationToken cancellation);

    /// <summary>
    /// Yields once at the start and then whenever a job arrived (coalesced), until cancelled. A lost signal is made up
    /// for by an item at least every <paramref name="atLeastEvery"/>.
    /// </summary>
    IAsyncEnumerable<bool> WatchArrivalsAsync(TimeSpan atLeastEvery, CancellationToken cancellation);

    /// <summary>The workers that say they live.</summary>
    IWorkerRegistry Workers { get; }

    /// <summary>What the machine's own cluster stand-in runs.</summary>
    ILocalScale LocalScale { get; }

    /// <summary>Jobs that failed every attempt.</summary>
    IDeadLetters DeadLetters { get; }

    /// <summary>Ends of jobs that someone is to be told of.</summary>
    ICallbackQueue Callbacks { get; }
}

/// <summary>Opens queues by name; all share the process' connections.</summary>
public interface IWorkQueues : IAsyncDisposable
{
    /// <summary>The queue of that name.</summary>
    /// <exception cref="ArgumentException">The name is not 1 to 63 of a-z, 0-9, '-' and '.'.</exception>
    IWorkQueue Open(string name);

    /// <summary>Whether Redis answers now, within the time limit.</summary>
    Task<bool> PingAsync(CancellationToken cancellation);

    /// <summary>The decisions of the scaler.</summary>
    IDecisionStore Decisions { get; }
}

/// <summary>Redis cannot be reached or does not answer in time. Nothing is known about what was asked.</summary>
public sealed class WorkQueueUnavailableException : Exception
{
    /// <summary>Makes one.</summary>
    public WorkQueueUnavailableException() { }

    /// <summary>Makes one with a message.</summary>
    public WorkQueueUnavailableException(string message) : base(message) { }

    /// <summary>Makes one with a message and its cause.</summary>
    public WorkQueueUnavailableException(string message, Exception inner) : base(message, inner) { }
}
