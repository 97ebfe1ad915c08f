namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>A kind of object the scaler reads.</summary>
/// <param name="Group">Its API group.</param>
/// <param name="Version">The group's version.</param>
/// <param name="Plural">Its name in addresses and in RBAC rules.</param>
/// <param name="Kind">Its name for people.</param>
internal sealed record KubeResource(string Group, string Version, string Plural, string Kind)
{
    public static readonly KubeResource ScaledObjects = new("keda.sh", "v1alpha1", "scaledobjects", "ScaledObject");
    public static readonly KubeResource Deployments = new("apps", "v1", "deployments", "Deployment");
    public static readonly KubeResource StatefulSets = new("apps", "v1", "statefulsets", "StatefulSet");

    /// <summary>As RBAC writes it.</summary>
    public string FullName => $"{Plural}.{Group}";

    /// <summary>The workload of a <c>scaleTargetRef.kind</c>, or null for one the scaler does not know.</summary>
    public static KubeResource? WorkloadOf(string? kind) => kind switch
    {
        null or "" or "Deployment" => Deployments,
        "StatefulSet" => StatefulSets,
        _ => null,
    };
}
