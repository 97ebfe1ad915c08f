namespace Keda.Inference.WorkQueue;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>Not known (any more).</summary>
    Unknown,

    /// <summary>In the list.</summary>
    Waiting,

    /// <summary>Claimed by a worker.</summary>
    Running,

    /// <summary>Answered; the outcome has a payload.</summary>
    Succeeded,

    /// <summary>The worker refused the input: the caller's fault, never retried.</summary>
    Rejected,

    /// <summary>Every attempt failed; it is a dead letter.</summary>
    Failed,

    /// <summary>Its deadline passed before it was computed.</summary>
    Expired,

    /// <summary>The caller took it back.</summary>
    Cancelled,
}

/// <summary>Why a job has no answer.</summary>
/// <param name="Code">A stable word, such as <c>undecodable-image</c>.</param>
/// <param name="Message">One line for people.</param>
public sealed record JobError(string Code, string Message);

/// <summary>The end of a job.</summary>
/// <param name="State">One of the final states.</param>
/// <param name="Payload">The worker's answer for <see cref="JobState.Succeeded"/>, otherwise empty.</param>
/// <param name="Error">Set for every other state.</param>
/// <param name="Attempts">How often it was started.</param>
public sealed record JobOutcome(JobState State, ReadOnlyMemory<byte> Payload, JobError? Error, int Attempts);

/// <summary>What is known of a job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it stands; <see cref="JobState.Unknown"/> when it never was or is forgotten.</param>
/// <param name="Position">0 for the next to be served in list order, for <see cref="JobState.Waiting"/>; otherwise null.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="Outcome">Set once it has ended.</param>
public sealed record JobStatus(string Id, JobState State, long? Position, int Attempts, JobOutcome? Outcome);
