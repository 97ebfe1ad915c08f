using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Cluster;

/// <summary>Where replicas and bounds are known.</summary>
internal interface IClusterView
{
    /// <summary>The target as it is now. <paramref name="context"/> is what was read from Redis in the same moment.</summary>
    /// <exception cref="ClusterUnavailableException">It is not known.</exception>
    ValueTask<TargetScale> ReadAsync(
        ScaledObjectKey key, TriggerSettings settings, DecisionContext context, CancellationToken cancellation);

    /// <summary>
    /// Raises the target to <paramref name="replicas"/>, never beyond <paramref name="known"/>'s limit and never down. Returns whether
    /// anything was changed.
    /// </summary>
    /// <exception cref="ClusterUnavailableException">It could not be done.</exception>
    Task<bool> RaiseAsync(
        ScaledObjectKey key, TriggerSettings settings, TargetScale known, int replicas, CancellationToken cancellation);

    /// <summary>Null when the view works, otherwise why not; for the readiness probe.</summary>
    string? Trouble { get; }
}

/// <summary>The cluster does not say what is asked. Nothing is known then.</summary>
internal sealed class ClusterUnavailableException : Exception
{
    public ClusterUnavailableException(string message) : base(message) { }

    public ClusterUnavailableException(string message, Exception inner) : base(message, inner) { }
}
