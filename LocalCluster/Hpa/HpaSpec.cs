namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>A HorizontalPodAutoscaler's spec, and the controller's own flags that bear on it.</summary>
internal sealed record HpaSpec
{
    /// <summary><c>minReplicas</c>. Default 1; KEDA writes 1 for a ScaledObject whose minimum is 0.</summary>
    public int MinReplicas { get; init; } = 1;

    /// <summary><c>maxReplicas</c>.</summary>
    public required int MaxReplicas { get; init; }

    /// <summary><c>behavior</c>; null takes the path without it, which limits scale-up by itself and stabilises scale-down over 300 s.</summary>
    public HpaBehavior? Behavior { get; init; }

    /// <summary>The controller's flags.</summary>
    public HpaControllerFlags Flags { get; init; } = new();
}

/// <summary>Flags of kube-controller-manager.</summary>
internal sealed record HpaControllerFlags
{
    /// <summary><c>--horizontal-pod-autoscaler-sync-period</c>. Default 15 s.</summary>
    public TimeSpan SyncPeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>--horizontal-pod-autoscaler-tolerance</c>. Default 0.1.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary><c>--horizontal-pod-autoscaler-cpu-initialization-period</c>. Default 5 min.</summary>
    public TimeSpan CpuInitializationPeriod { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>--horizontal-pod-autoscaler-initial-readiness-delay</c>. Default 30 s.</summary>
    public TimeSpan InitialReadinessDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>--horizontal-pod-autoscaler-downscale-stabilization</c>. Default 5 min.</summary>
    public TimeSpan DownscaleStabilization { get; init; } = TimeSpan.FromMinutes(5);
}
