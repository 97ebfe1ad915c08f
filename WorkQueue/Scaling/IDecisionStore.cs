namespace Keda.Inference.WorkQueue;

/// <summary>Keeps what the scaler decided, so that several scaler replicas act as one and a restart forgets nothing.</summary>
public interface IDecisionStore
{
    /// <summary>Signals, local scale and the ScaledObject's decision state, in one round trip.</summary>
    Task<DecisionContext> ReadAsync(ScaledObjectKey key, CancellationToken cancellation);

    /// <summary>
    /// Writes the next state and appends a record to the history (the newest <see cref="HistoryLength"/> are kept), if the version is still
    /// the one that was read. False when another replica was first; nothing was written then.
    /// </summary>
    /// <param name="key">The ScaledObject and its queue.</param>
    /// <param name="readVersion"><see cref="DecisionContext.Version"/> as read.</param>
    /// <param name="state">The policy's next state.</param>
    /// <param name="record">What is kept for inspection; empty to keep none.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<bool> CommitAsync(
        ScaledObjectKey key, long readVersion, ReadOnlyMemory<byte> state, ReadOnlyMemory<byte> record, CancellationToken cancellation);

    /// <summary>The newest records, newest first.</summary>
    Task<IReadOnlyList<ReadOnlyMemory<byte>>> HistoryAsync(ScaledObjectKey key, int count, CancellationToken cancellation);

    /// <summary>Every ScaledObject that was decided for within the last hour.</summary>
    Task<IReadOnlyList<ScaledObjectKey>> ListAsync(CancellationToken cancellation);

    /// <summary>How many records are kept for each ScaledObject.</summary>
    const int HistoryLength = 1000;
}

/// <summary>A ScaledObject and the queue it scales on.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Queue">The queue.</param>
public sealed record ScaledObjectKey(string Namespace, string Name, string Queue);

/// <summary>All that a decision needs from Redis.</summary>
/// <param name="Signals">The queue's signals.</param>
/// <param name="LocalScale">The cluster stand-in's record, or null.</param>
/// <param name="Version">0 when nothing was ever committed.</param>
/// <param name="State">The committed state; empty when there is none.</param>
public sealed record DecisionContext(QueueSignals Signals, LocalScaleRecord? LocalScale, long Version, ReadOnlyMemory<byte> State);
