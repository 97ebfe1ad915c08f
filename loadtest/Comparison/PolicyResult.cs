namespace Keda.Inference.LoadTest.Comparison;

/// <summary>
/// What one autoscaler achieved on one load: the mean over its runs. Shares are fractions from 0 to 1; what was not measured is null.
/// </summary>
internal sealed record PolicyResult
{
    /// <summary>The autoscaler's name.</summary>
    public required string Policy { get; init; }

    /// <summary>Requests of one run; with several runs their mean.</summary>
    public required double Total { get; init; }

    /// <summary>Share of requests that were answered rightly before their caller gave up.</summary>
    public required double Ok { get; init; }

    /// <summary>Share of requests that were answered rightly within the SLO, end to end from the intended send time.</summary>
    public required double WithinSlo { get; init; }

    /// <summary>Median end-to-end latency of the answered requests.</summary>
    public required double? P50Ms { get; init; }

    /// <summary>99th percentile of the same.</summary>
    public required double? P99Ms { get; init; }

    /// <summary>99.9th percentile of the same.</summary>
    public double? P999Ms { get; init; }

    /// <summary>Mean of the p99 of each window of <see cref="ComparisonResult.WindowSeconds"/>, by send time.</summary>
    public double? P99WindowMeanMs { get; init; }

    /// <summary>The highest of them.</summary>
    public double? P99WindowPeakMs { get; init; }

    /// <summary>Their standard deviation.</summary>
    public double? P99WindowStdDevMs { get; init; }

    /// <summary>Replica-seconds within the load's duration, from the moment a replica is asked for until it is gone.</summary>
    public required double ReplicaSeconds { get; init; }

    /// <summary>Most replicas at once; with several runs the highest of them.</summary>
    public required int PeakReplicas { get; init; }

    /// <summary>Replica-seconds over the load's duration; null for a load of one moment, which has none.</summary>
    public required double? MeanReplicas { get; init; }

    /// <summary>Cores that the replicas really used together, mean over the load's duration; null in a simulation and where it was not read.</summary>
    public double? MeanCpuCores { get; init; }

    /// <summary>The most from one reading to the next (about a second locally, what the metrics API averages over on a cluster).</summary>
    public double? PeakCpuCores { get; init; }

    /// <summary>Share of the replica-seconds in which a replica worked; null where there were none.</summary>
    public double? Utilisation { get; init; }

    /// <summary>How late the generator itself sent, 99th percentile of the worst run; null in a simulation.</summary>
    public double? GeneratorLagP99Ms { get; init; }

    /// <summary>Changes of the wanted replicas.</summary>
    public double? ScalingActions { get; init; }

    /// <summary>Replica-seconds for each 1,000 requests answered within the SLO.</summary>
    public double? ReplicaSecondsPerThousandGood { get; init; }

    /// <summary>Cost of 1,000 requests answered within the SLO, at the price given for a replica-hour.</summary>
    public double? CostPerThousandGood { get; init; }

    /// <summary>How many runs, and how far they lie apart.</summary>
    public required Spread Spread { get; init; }
}

/// <summary>The spread over runs; standard deviations are those of a sample and null for a single run.</summary>
/// <param name="Runs">How many runs.</param>
/// <param name="WithinSloMin">The worst run's share within the SLO.</param>
/// <param name="WithinSloMax">The best run's.</param>
/// <param name="WithinSloStdDev">The standard deviation.</param>
/// <param name="ReplicaSecondsMin">The cheapest run's replica-seconds.</param>
/// <param name="ReplicaSecondsMax">The dearest run's.</param>
/// <param name="ReplicaSecondsStdDev">The standard deviation.</param>
internal sealed record Spread(
    int Runs, double WithinSloMin, double WithinSloMax, double? WithinSloStdDev,
    double ReplicaSecondsMin, double ReplicaSecondsMax, double? ReplicaSecondsStdDev);
