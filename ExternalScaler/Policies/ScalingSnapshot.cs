using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>All that a policy may look at.</summary>
internal sealed record ScalingSnapshot
{
    /// <summary>The queue as the store knows it.</summary>
    public required QueueSignals Signals { get; init; }

    /// <summary>Replicas asked for now (<c>spec.replicas</c> of the target).</summary>
    public required int CurrentReplicas { get; init; }

    /// <summary>Replicas that are ready now.</summary>
    public required int ReadyReplicas { get; init; }

    /// <summary>KEDA's <c>minReplicaCount</c>; may be 0.</summary>
    public required int MinReplicas { get; init; }

    /// <summary>KEDA's <c>maxReplicaCount</c>.</summary>
    public required int MaxReplicas { get; init; }

    /// <summary>The queues of functions that feed this one; empty when there are none.</summary>
    public IReadOnlyList<UpstreamQueue> Upstream { get; init; } = [];

    /// <summary>What the previous decision left in <see cref="Decision.NextState"/>; empty at the first one.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Throws when the numbers contradict each other: a caller's mistake, never a matter of load.</summary>
    /// <exception cref="ArgumentException">Says which number is wrong.</exception>
    public void Validate()
    {
        if (MinReplicas < 0)
            throw new ArgumentException($"minReplicas is {MinReplicas}; it must be 0 or more.");
        if (MaxReplicas < 1 || MaxReplicas < MinReplicas)
            throw new ArgumentException($"maxReplicas is {MaxReplicas}; it must be at least 1 and at least minReplicas ({MinReplicas}).");
        if (CurrentReplicas < 0 || ReadyReplicas < 0)
            throw new ArgumentException($"currentReplicas ({CurrentReplicas}) and readyReplicas ({ReadyReplicas}) must be 0 or more.");
    }

    /// <summary>A count held within the bounds.</summary>
    public int Clamp(double replicas) => (int)Math.Clamp(replicas, MinReplicas, MaxReplicas);
}

/// <summary>A queue whose completed jobs become this queue's arrivals.</summary>
/// <param name="Queue">Its name.</param>
/// <param name="Signals">Its signals.</param>
internal sealed record UpstreamQueue(string Queue, QueueSignals Signals);
