namespace Keda.Inference.WorkQueue;

/// <summary>
/// Stands for the target's <c>/scale</c> subresource where there is no cluster: the cluster stand-in on one machine writes it, the scaler
/// reads it and, on its fast lane, raises it.
/// </summary>
public interface ILocalScale
{
    /// <summary>The record, or null when no stand-in runs.</summary>
    Task<LocalScaleRecord?> GetAsync(CancellationToken cancellation);

    /// <summary>Writes the record; it vanishes after 15 s unless written again. Watchers are told.</summary>
    Task SetAsync(LocalScaleRecord record, CancellationToken cancellation);

    /// <summary>
    /// Raises the wanted replicas to <paramref name="replicas"/>, never beyond the record's maximum and never down. Returns the number
    /// that holds afterwards, or null when no stand-in runs.
    /// </summary>
    Task<int?> RaiseAsync(int replicas, CancellationToken cancellation);

    /// <summary>Yields the record at every change until cancelled.</summary>
    IAsyncEnumerable<LocalScaleRecord> WatchAsync(CancellationToken cancellation);

    /// <summary>Takes the record away at an orderly end.</summary>
    Task RemoveAsync(CancellationToken cancellation);
}

/// <summary>The scale of the queue's workers on this machine.</summary>
/// <param name="Replicas">How many there shall be (<c>spec.replicas</c>).</param>
/// <param name="MinReplicas">The lower bound (KEDA's <c>minReplicaCount</c>).</param>
/// <param name="MaxReplicas">The upper bound (KEDA's <c>maxReplicaCount</c>).</param>
/// <param name="Paused">Whether scaling is paused.</param>
public sealed record LocalScaleRecord(int Replicas, int MinReplicas, int MaxReplicas, bool Paused = false);
