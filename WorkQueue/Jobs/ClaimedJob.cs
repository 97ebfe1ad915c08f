namespace Keda.Inference.WorkQueue;

/// <summary>A job that this worker holds under a lease.</summary>
public sealed class ClaimedJob
{
    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>What proves the claim; a worker whose lease was taken over holds a stale one and changes nothing.</summary>
    public required string Token { get; init; }

    /// <summary>Who claimed it.</summary>
    public required string WorkerId { get; init; }

    /// <summary>What was submitted.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public required string ContentType { get; init; }

    /// <summary>1 for the first start.</summary>
    public required int Attempt { get; init; }

    /// <summary>Time between its arrival and this claim, by Redis' clock.</summary>
    public required TimeSpan QueueWait { get; init; }

    /// <summary>Time left until its deadline at the moment of the claim.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>The caller's request id, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>W3C <c>traceparent</c>, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whether the answer carries the probability of every class.</summary>
    public bool WantScores { get; init; }

    /// <summary>The timestamp (<see cref="TimeProvider.GetTimestamp"/>) at which the claim returned.</summary>
    public required long ClaimedAt { get; init; }

    /// <summary>Whether a job that needs <paramref name="expected"/> from now on still ends before its deadline.</summary>
    public bool CanStillMakeIt(TimeProvider time, TimeSpan expected) =>
        time.GetElapsedTime(ClaimedAt) + expected <= Remaining;
}

/// <summary>What became of a failed attempt.</summary>
public enum FailureDisposition
{
    /// <summary>It waits again, at the head of the list.</summary>
    Retried,

    /// <summary>It was the last attempt: it is a dead letter and its caller was told.</summary>
    DeadLettered,

    /// <summary>The lease was no longer ours; nothing changed.</summary>
    Stale,
}
