using System.Text.Json.Serialization;

namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>Objects reduced to the fields that are looked at, so that a large cluster costs little memory.</summary>
internal abstract record KubeObject
{
    [JsonPropertyName("metadata")]
    public KubeMetadata Metadata { get; init; } = new();
}

internal sealed record KubeMetadata
{
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("namespace")]
    public string Namespace { get; init; } = "";

    [JsonPropertyName("resourceVersion")]
    public string? ResourceVersion { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

internal sealed record KubeList<T>
{
    [JsonPropertyName("metadata")]
    public KubeMetadata Metadata { get; init; } = new();

    [JsonPropertyName("items")]
    public IReadOnlyList<T> Items { get; init; } = [];
}

/// <summary>KEDA's ScaledObject.</summary>
internal sealed record ScaledObject : KubeObject
{
    public const int DefaultMinReplicas = 0;
    public const int DefaultMaxReplicas = 100;

    [JsonPropertyName("spec")]
    public ScaledObjectSpec Spec { get; init; } = new();
}

internal sealed record ScaledObjectSpec
{
    [JsonPropertyName("scaleTargetRef")]
    public ScaleTargetRef? ScaleTargetRef { get; init; }

    [JsonPropertyName("minReplicaCount")]
    public int? MinReplicaCount { get; init; }

    [JsonPropertyName("maxReplicaCount")]
    public int? MaxReplicaCount { get; init; }
}

internal sealed record ScaleTargetRef
{
    [JsonPropertyName("kind")]
    public string? Kind { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }
}

/// <summary>A Deployment or a StatefulSet.</summary>
internal sealed record Workload : KubeObject
{
    [JsonPropertyName("spec")]
    public WorkloadSpec Spec { get; init; } = new();

    [JsonPropertyName("status")]
    public WorkloadStatus Status { get; init; } = new();
}

internal sealed record WorkloadSpec
{
    /// <summary>Kubernetes' default is 1.</summary>
    [JsonPropertyName("replicas")]
    public int? Replicas { get; init; }
}

internal sealed record WorkloadStatus
{
    /// <summary>Left out by Kubernetes when 0.</summary>
    [JsonPropertyName("readyReplicas")]
    public int? ReadyReplicas { get; init; }
}
