namespace Keda.Inference.WorkQueue;

/// <summary>A job to be enqueued.</summary>
public sealed record JobSubmission
{
    /// <summary>The job's id, unique: 1 to 64 of A-Z, a-z, 0-9, '-', '_'. See <see cref="JobId.New"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What the worker gets. It must stay unchanged until the enqueue call has returned.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>; see <see cref="BodyTypes"/>.</summary>
    public required string ContentType { get; init; }

    /// <summary>How long from now (by Redis' clock) the caller waits for the answer. Default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same key within the result's lifetime names the same job. Default none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>True when the caller will fetch the result later, so that it is kept for the longer lifetime. Default false.</summary>
    public bool Asynchronous { get; init; }

    /// <summary>True when this process will call <see cref="IWorkQueue.WaitAsync"/> for it, so the reply is sent here. Default true.</summary>
    public bool ExpectReply { get; init; } = true;

    /// <summary>An address that is told of the end; see <see cref="ICallbackQueue"/>. Default none.</summary>
    public string? Callback { get; init; }

    /// <summary>The caller's request id for logs. Default none.</summary>
    public string? RequestId { get; init; }

    /// <summary>W3C <c>traceparent</c>. Default none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether the answer carries the probability of every class. Default false.</summary>
    public bool WantScores { get; init; }
}

/// <summary>Makes ids of jobs.</summary>
public static class JobId
{
    /// <summary>A new id: 32 hexadecimal digits that sort by time (UUID version 7).</summary>
    public static string New(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}

/// <summary>What became of an enqueue call.</summary>
public enum EnqueueKind
{
    /// <summary>The job waits now.</summary>
    Accepted,

    /// <summary>A job with the same idempotency key is known; its id is given.</summary>
    Duplicate,

    /// <summary>A job with the same idempotency key but another body is known; nothing was stored.</summary>
    KeyReused,

    /// <summary>The queue is at its bound; nothing was stored.</summary>
    Full,
}

/// <summary>The result of an enqueue call.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="JobId">The job to wait for: the submitted one, or the known one for <see cref="EnqueueKind.Duplicate"/>.</param>
/// <param name="Depth">Jobs waiting after the call.</param>
/// <param name="RetryAfter">For <see cref="EnqueueKind.Full"/>: when a place is likely free, from the measured drain rate.</param>
public sealed record EnqueueOutcome(EnqueueKind Kind, string JobId, long Depth, TimeSpan RetryAfter);
