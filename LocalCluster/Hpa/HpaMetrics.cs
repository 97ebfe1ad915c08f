namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>A metric as the controller finds it at a sync.</summary>
internal abstract record HpaMetric;

/// <summary>An external metric with an AverageValue target, as KEDA writes them.</summary>
/// <param name="Value">The metric; null when it cannot be read, which is never the same as 0.</param>
/// <param name="TargetAverageValue">The target for each replica.</param>
internal sealed record ExternalAverageMetric(double? Value, double TargetAverageValue) : HpaMetric;

/// <summary>CPU utilisation as a percentage of the request, averaged over the pods.</summary>
/// <param name="TargetUtilization">The target in per cent.</param>
/// <param name="Samples">The samples by pod name; null when the metrics API cannot be read.</param>
internal sealed record CpuUtilizationMetric(int TargetUtilization, IReadOnlyDictionary<string, CpuSample>? Samples) : HpaMetric;

/// <summary>One pod's CPU use over the last window.</summary>
/// <param name="Millicores">The use.</param>
/// <param name="At">The end of the window.</param>
/// <param name="Window">Its length; metrics-server's is about 15 s when it scrapes that often, 60 s by default.</param>
internal readonly record struct CpuSample(long Millicores, DateTimeOffset At, TimeSpan Window);

/// <summary>A pod as the controller sees it.</summary>
internal sealed record HpaPod
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its phase.</summary>
    public HpaPodPhase Phase { get; init; } = HpaPodPhase.Running;

    /// <summary>Whether it is being deleted.</summary>
    public bool Deleting { get; init; }

    /// <summary>Its CPU request in millicores; null when it has none. Default 1000.</summary>
    public long? CpuRequestMillicores { get; init; } = 1000;

    /// <summary><c>status.startTime</c>; null until the kubelet has seen the pod.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>The Ready condition; null when it has none.</summary>
    public bool? Ready { get; init; }

    /// <summary>When the Ready condition last changed.</summary>
    public DateTimeOffset ReadyChangedAt { get; init; }
}

/// <summary><c>status.phase</c>, as far as it matters here.</summary>
internal enum HpaPodPhase
{
    /// <summary>Not all containers run.</summary>
    Pending,

    /// <summary>They run.</summary>
    Running,

    /// <summary>They ended badly.</summary>
    Failed,
}
