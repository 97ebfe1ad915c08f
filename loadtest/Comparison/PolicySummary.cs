using Keda.Inference.LoadTest.Measuring;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>From runs to a result.</summary>
internal static class PolicySummary
{
    /// <summary>The mean over the runs of one autoscaler.</summary>
    /// <param name="policy">Its name.</param>
    /// <param name="runs">At least one run.</param>
    /// <param name="sloSeconds">The latency target.</param>
    /// <param name="pricePerReplicaHour">What a replica costs an hour; null leaves the cost out.</param>
    public static PolicyResult Of(string policy, IReadOnlyList<RunMeasurement> runs, double sloSeconds, double? pricePerReplicaHour)
    {
        var good = runs.Select(run => (double)run.Latencies.Count(latency => latency <= sloSeconds)).ToArray();
        var shares = runs.Select((run, i) => run.Latencies.Count == 0 ? 1 : good[i] / run.Latencies.Count).ToArray();
        var cost = runs.Select(run => run.ReplicaSeconds).ToArray();
        var windows = runs.Select(Windows).ToArray();
        var sorted = runs.Select(run => Answered(run.Latencies)).ToArray();
        double? perThousand = good.Sum() > 0 ? cost.Sum() / good.Sum() * 1000 : null;
        return new PolicyResult
        {
            Policy = policy,
            Total = runs.Average(run => run.Latencies.Count),
            Ok = runs.Average(run => run.Latencies.Count == 0 ? 1 : run.Latencies.Count(double.IsFinite) / (double)run.Latencies.Count),
            WithinSlo = shares.Average(),
            P50Ms = Milliseconds(sorted.Select(values => Percentiles.OfSorted(values, 50))),
            P99Ms = Milliseconds(sorted.Select(values => Percentiles.OfSorted(values, 99))),
            P999Ms = Milliseconds(sorted.Select(values => Percentiles.OfSorted(values, 99.9))),
            P99WindowMeanMs = Milliseconds(windows.Select(values => values.Length > 0 ? values.Average() : (double?)null)),
            P99WindowPeakMs = Milliseconds(windows.Select(values => values.Length > 0 ? values.Max() : (double?)null)),
            P99WindowStdDevMs = Milliseconds(windows.Select(Statistics.StdDev)),
            ReplicaSeconds = cost.Average(),
            PeakReplicas = runs.Max(run => run.PeakReplicas),
            MeanReplicas = runs.Average(run => Ratio(run.ReplicaSeconds, run.DurationSeconds)),
            MeanCpuCores = runs.Average(run => Ratio(run.CpuSeconds, run.DurationSeconds)),
            PeakCpuCores = runs.Max(run => run.PeakCpuCores),
            GeneratorLagP99Ms = runs.Max(run => run.GeneratorLagP99Seconds) * 1000,
            Utilisation = runs.Average(run => Ratio(run.BusySeconds, run.ReplicaSeconds)),
            ScalingActions = runs.Average(run => run.ScalingActions),
            ReplicaSecondsPerThousandGood = perThousand,
            CostPerThousandGood = perThousand * pricePerReplicaHour / 3600,
            Spread = new Spread(
                runs.Count, shares.Min(), shares.Max(), Statistics.StdDev(shares), cost.Min(), cost.Max(), Statistics.StdDev(cost)),
        };
    }

    /// <summary>The p99 of each window in which something was answered.</summary>
    private static double[] Windows(RunMeasurement run) =>
    [
        .. run.SentAt.Zip(run.Latencies)
            .Where(pair => double.IsFinite(pair.Second))
            .GroupBy(pair => (int)(pair.First / ComparisonResult.WindowSeconds), pair => pair.Second)
            .Select(window => Percentiles.Of(window, 99)!.Value),
    ];

    private static double[] Answered(IReadOnlyList<double> latencies)
    {
        double[] sorted = [.. latencies.Where(double.IsFinite)];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>Null where there is nothing to divide by: static-0 has no replica-seconds, a load of one moment no duration.</summary>
    private static double? Ratio(double? part, double whole) => whole > 0 ? part / whole : null;

    private static double? Milliseconds(IEnumerable<double?> seconds) => seconds.Average() * 1000;
}
