namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>What the policy remembers with the fast lane.</summary>
internal sealed record QueueDepthState
{
    /// <summary>What was needed lately, see <see cref="ScaleInHold.Add"/>: Unix milliseconds and replicas in turn.</summary>
    public long[] Needs { get; init; } = [];
}
