namespace Keda.Inference.LocalCluster;

/// <summary>What the cluster on this machine shall be.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The one queue, and the name of its ScaledObject.</summary>
    public const string Queue = "resnet18";

    /// <summary>The namespace under which the scaler knows it.</summary>
    public const string Namespace = "local";

    /// <summary>The ingress' HTTP port. Default 8080.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The scaler's gRPC port. Default 6000.</summary>
    public int ScalerPort { get; init; } = 6000;

    /// <summary>The scaler's HTTP port. Default 6080.</summary>
    public int ScalerHttpPort { get; init; } = 6080;

    /// <summary>The first worker's HTTP port; the others follow. 0 takes free ones. Default 0.</summary>
    public int WorkerHttpPort { get; init; }

    /// <summary>A policy of the scaler, <c>cpu-70</c>, <c>cpu-90</c> or <c>none</c>. Default queue-proportional.</summary>
    public string Policy { get; init; } = "queue-proportional";

    /// <summary>KEDA's minReplicaCount. Default 1.</summary>
    public int Min { get; init; } = 1;

    /// <summary>KEDA's maxReplicaCount. Default: the machine's cores, at least 2 and at most 6.</summary>
    public int Max { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 6);

    /// <summary>The HPA's sync period in seconds. Default 15.</summary>
    public double SyncPeriod { get; init; } = 15;

    /// <summary>KEDA's pollingInterval in seconds. Default 15.</summary>
    public double Poll { get; init; } = 15;

    /// <summary>KEDA's cooldownPeriod before the step to zero, in seconds. Default 300.</summary>
    public double CooldownPeriod { get; init; } = 300;

    /// <summary>Trigger metadata beside the policy and the queue.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>CPU quota of each worker in cores; null for none.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>The assembly of the workers' program; null for InferenceFunction beside this one.</summary>
    public string? Worker { get; init; }

    /// <summary>The model file; null leaves the choice to the worker.</summary>
    public string? Model { get; init; }

    /// <summary>The model's precision; null leaves the choice to the worker.</summary>
    public string? Precision { get; init; }

    /// <summary>A real Redis as host:port; null starts the embedded store.</summary>
    public string? Redis { get; init; }

    /// <summary>Whether the services' own logs are shown.</summary>
    public bool Verbose { get; init; }

    /// <summary>Whether replicas follow CPU utilisation instead of the scaler.</summary>
    public bool ScalesOnCpu => CpuTarget is not null;

    /// <summary>The utilisation target in per cent for cpu-70 and cpu-90, otherwise null.</summary>
    public int? CpuTarget => Policy switch { "cpu-70" => 70, "cpu-90" => 90, _ => null };

    /// <summary>Whether the scaler is asked.</summary>
    public bool AsksScaler => !ScalesOnCpu && Policy != "none";
}
