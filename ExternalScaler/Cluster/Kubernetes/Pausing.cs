namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>KEDA's annotations that stop the scaling up of a ScaledObject.</summary>
internal static class Pausing
{
    public const string Paused = "autoscaling.keda.sh/paused";
    public const string PausedReplicas = "autoscaling.keda.sh/paused-replicas";
    public const string PausedScaleOut = "autoscaling.keda.sh/paused-scale-out";

    public static bool IsPaused(ScaledObject scaledObject)
    {
        var annotations = scaledObject.Metadata.Annotations;
        return annotations is not null && (annotations.ContainsKey(PausedReplicas) || IsSet(Paused) || IsSet(PausedScaleOut));

        // As KEDA reads it: present and not plainly false.
        bool IsSet(string name) => annotations.TryGetValue(name, out var value) && !(bool.TryParse(value, out var set) && !set);
    }
}
