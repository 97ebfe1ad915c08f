namespace Keda.Inference.ExternalScaler.Cluster;

/// <summary>What the cluster says of a ScaledObject and its target.</summary>
/// <param name="Target">The target for people, such as <c>Deployment/resnet18</c>.</param>
/// <param name="CurrentReplicas">Replicas asked for (<c>spec.replicas</c>).</param>
/// <param name="ReadyReplicas">Replicas that are ready.</param>
/// <param name="MinReplicas">The lower bound, overrides applied.</param>
/// <param name="MaxReplicas">The upper bound, overrides applied.</param>
/// <param name="RaiseLimit">
/// As far as the fast lane may raise: the upper bound, but whatever overrides it, not above the ScaledObject's own, to which the HPA would
/// lower it again.
/// </param>
/// <param name="Paused">Whether somebody paused the scaling; then it is left alone.</param>
internal sealed record TargetScale(
    string Target, int CurrentReplicas, int ReadyReplicas, int MinReplicas, int MaxReplicas, int RaiseLimit, bool Paused);
