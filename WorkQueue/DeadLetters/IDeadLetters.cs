namespace Keda.Inference.WorkQueue;

/// <summary>Jobs that failed every attempt.</summary>
public interface IDeadLetters
{
    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(int count, CancellationToken cancellation);

    /// <summary>
    /// Enqueues one again with fresh attempts and a new deadline of <paramref name="timeout"/>, at least 1 ms. False when it is not there (any more).
    /// </summary>
    Task<bool> ReplayAsync(string jobId, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Deletes one. False when it is not there (any more).</summary>
    Task<bool> DropAsync(string jobId, CancellationToken cancellation);
}

/// <summary>A job that failed every attempt.</summary>
/// <param name="JobId">Its id.</param>
/// <param name="Error">Why the last attempt failed.</param>
/// <param name="Attempts">How often it was started.</param>
/// <param name="WorkerId">Who tried last.</param>
/// <param name="DiedAt">When it was given up.</param>
/// <param name="ContentType">The media type of its body.</param>
/// <param name="RequestId">The caller's request id, or null.</param>
public sealed record DeadLetter(
    string JobId, JobError Error, int Attempts, string WorkerId, DateTimeOffset DiedAt, string ContentType, string? RequestId);
