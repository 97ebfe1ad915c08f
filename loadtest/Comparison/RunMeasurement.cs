namespace Keda.Inference.LoadTest.Comparison;

/// <summary>One run of one autoscaler, as it was simulated or measured.</summary>
internal sealed record RunMeasurement
{
    /// <summary>Intended send times in seconds, ascending.</summary>
    public required IReadOnlyList<double> SentAt { get; init; }

    /// <summary>End-to-end latency of each in seconds; infinite for a request that got no right answer.</summary>
    public required IReadOnlyList<double> Latencies { get; init; }

    /// <summary>The load's duration in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Replica-seconds within that.</summary>
    public required double ReplicaSeconds { get; init; }

    /// <summary>Most replicas at once.</summary>
    public required int PeakReplicas { get; init; }

    /// <summary>Seconds in which replicas worked, or null when unknown.</summary>
    public double? BusySeconds { get; init; }

    /// <summary>Processor time that the replicas used, in core-seconds, or null when it was not read (a simulated run has none).</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Most cores that they used together from one reading to the next, or null when unknown.</summary>
    public double? PeakCpuCores { get; init; }

    /// <summary>The 99th percentile of how late the generator sent, or null in a simulation, which has none.</summary>
    public double? GeneratorLagP99Seconds { get; init; }

    /// <summary>Changes of the wanted replicas, or null when unknown.</summary>
    public int? ScalingActions { get; init; }
}
