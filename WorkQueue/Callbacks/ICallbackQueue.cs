namespace Keda.Inference.WorkQueue;

/// <summary>
/// Ends of jobs whose submitter left an address. They outlive the process that accepted the job: any ingress replica
/// delivers them.
/// </summary>
public interface ICallbackQueue
{
    /// <summary>
    /// Takes up to <paramref name="max"/> callbacks that are due. One that is neither confirmed nor postponed within
    /// <paramref name="lease"/> is due again.
    /// </summary>
    Task<IReadOnlyList<DueCallback>> TakeAsync(int max, TimeSpan lease, CancellationToken cancellation);

    /// <summary>It was delivered, or given up. Changes nothing when the job was replayed since.</summary>
    Task ConfirmAsync(DueCallback due, CancellationToken cancellation);

    /// <summary>To be tried again after <paramref name="delay"/>. Changes nothing when the job was replayed since.</summary>
    Task PostponeAsync(DueCallback due, TimeSpan delay, CancellationToken cancellation);
}

/// <summary>An end to be told.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Address">Where to POST.</param>
/// <param name="Tries">1 for the first time it was taken.</param>
/// <param name="Outcome">What to tell.</param>
/// <param name="RequestId">The caller's request id, or null.</param>
/// <param name="Replays">How often the job was replayed as a dead letter before this end.</param>
public sealed record DueCallback(string JobId, string Address, int Tries, JobOutcome Outcome, string? RequestId, int Replays = 0);
