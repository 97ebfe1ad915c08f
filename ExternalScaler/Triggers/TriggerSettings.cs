using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>A trigger's metadata, checked and typed.</summary>
internal sealed record TriggerSettings
{
    /// <summary>The queue to scale on.</summary>
    public required string Queue { get; init; }

    /// <summary>The policy with its options.</summary>
    public required IScalingPolicy Policy { get; init; }

    /// <summary>How often a decision is due, in seconds; also how often one that changes nothing is recorded.</summary>
    public required double PollSeconds { get; init; }

    /// <summary>How many jobs may wait before the target counts as active.</summary>
    public required int ActivationQueueLength { get; init; }

    /// <summary>Whether replicas are raised without waiting for the HPA.</summary>
    public bool FastLane { get; init; }

    /// <summary>A Deployment to look at instead of the ScaledObject's target; null for the latter.</summary>
    public string? Deployment { get; init; }

    /// <summary>Overrides the ScaledObject's <c>minReplicaCount</c>; null for the latter.</summary>
    public int? MinReplicas { get; init; }

    /// <summary>Overrides the ScaledObject's <c>maxReplicaCount</c>; null for the latter.</summary>
    public int? MaxReplicas { get; init; }

    /// <summary>Queues whose jobs become this queue's.</summary>
    public IReadOnlyList<string> Upstream { get; init; } = [];
}
