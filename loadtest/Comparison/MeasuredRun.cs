using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Output;
using Keda.Inference.LoadTest.Sending;
using Keda.Inference.LoadTest.Simulation.Calibration;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>One real run of one autoscaler: what callers saw together with what the replicas did.</summary>
internal sealed record MeasuredRun
{
    public required string Policy { get; init; }

    public required RunRecording Recording { get; init; }

    /// <summary>Ascending in time.</summary>
    public required IReadOnlyList<ReplicaSample> Samples { get; init; }

    /// <summary>Each change of the wanted replicas.</summary>
    public required IReadOnlyList<(DateTimeOffset At, string Text)> Decisions { get; init; }

    /// <summary>Each replica that became ready; empty where that is not known.</summary>
    public IReadOnlyList<ReplicaStart> Starts { get; init; } = [];

    /// <summary>When the autoscaler looked for the first time, from which its period counts; null when unknown.</summary>
    public DateTimeOffset? FirstLookAt { get; init; }

    public required double DurationSeconds { get; init; }

    /// <summary>Cores of one replica, to turn CPU time into busy time; null when it has no limit.</summary>
    public required double? CoresPerReplica { get; init; }

    /// <summary>Where CPU was read.</summary>
    public required string? CpuSource { get; init; }

    /// <summary>Start-up times of the replicas that the autoscaler asked for under the load; where it asked for none, of the first ones.</summary>
    private IReadOnlyList<double> StartupSeconds()
    {
        var asked = Starts.Where(start => start.AskedAt >= Recording.StartedAt).ToList();
        return [.. (asked.Count > 0 ? asked : Starts).Select(start => start.Seconds)];
    }

    /// <summary>What the simulator needs to know of this run; null when the service reported no times.</summary>
    public Calibration? ToCalibration() =>
        CalibrationFile.Of(Recording.Records, StartupSeconds(), FirstLookAt is { } look ? Offset(look) : null);

    public RunMeasurement ToMeasurement()
    {
        var steps = Steps().ToList();
        var known = steps.Where(step => step.Sample.Replicas is not null).ToList();
        var read = steps.Where(step => step.Sample.CpuCores is not null).ToList();
        // Moments without a reading count as the mean of the others, not as idle ones.
        double? cpuSeconds = read.Count > 0 ? read.Sum(step => step.Sample.CpuCores * step.Seconds) / read.Sum(step => step.Seconds) * DurationSeconds : null;
        var replicaSeconds = known.Sum(step => step.Sample.Replicas!.Value * step.Seconds);
        return new RunMeasurement
        {
            SentAt = [.. Counted().Select(record => record.Intended)],
            Latencies = [.. Counted().Select(record => record.Ok ? record.LatencySeconds : double.PositiveInfinity)],
            DurationSeconds = DurationSeconds,
            ReplicaSeconds = replicaSeconds,
            PeakReplicas = known.Count == 0 ? 0 : known.Max(step => step.Sample.Replicas!.Value),
            BusySeconds = cpuSeconds is { } used ? Math.Min(replicaSeconds, used / (CoresPerReplica ?? 1)) : null,
            GeneratorLagP99Seconds = Percentiles.Of(Recording.Records.Select(record => record.LagSeconds), 99),
            CpuSeconds = cpuSeconds,
            PeakCpuCores = steps.Max(step => step.Sample.CpuCores),
            ScalingActions = Decisions.Count(decision => Offset(decision.At) is >= 0 && Offset(decision.At) <= DurationSeconds),
        };
    }

    public PolicyTimeline ToTimeline()
    {
        var records = Counted().ToArray();
        var signals = Recording.Signals;
        return new PolicyTimeline
        {
            Policy = Policy,
            Seed = Recording.Plan.Seed,
            CpuSource = CpuSource,
            Points = [.. Enumerable.Range(0, (int)Math.Ceiling(DurationSeconds) + 1).Select(second => PointAt(second, records, signals))],
            Decisions = [.. Decisions.Select(decision => new ScalingDecision(Offset(decision.At), decision.Text)).Where(decision => decision.Seconds <= DurationSeconds)],
        };
    }

    private TimelinePoint PointAt(int second, RequestRecord[] records, IReadOnlyList<Live.SignalSample> signals)
    {
        var window = records.Where(record => record.Ok && record.Intended > second - ComparisonResult.WindowSeconds && record.Intended <= second)
            .Select(record => record.LatencySeconds * 1000).Order().ToArray();
        var sample = Samples.LastOrDefault(sample => Offset(sample.At) <= second && Offset(sample.At) > second - 3);
        return new TimelinePoint(
            second, records.Count(record => (int)record.Intended == second), Measuring.Percentiles.OfSorted(window, 50), Measuring.Percentiles.OfSorted(window, 99),
            signals.LastOrDefault(signal => signal.Seconds <= second && signal.Seconds > second - 3).Waiting, sample.Replicas, sample.CpuCores);
    }

    private IEnumerable<RequestRecord> Counted() => Recording.Records.Where(record => record.Outcome != Outcome.Unfinished);

    /// <summary>Each sample with the seconds of the load for which it stands: until the next one.</summary>
    private IEnumerable<(ReplicaSample Sample, double Seconds)> Steps()
    {
        for (var i = 0; i < Samples.Count; i++)
        {
            var from = i == 0 ? 0 : Math.Clamp(Offset(Samples[i].At), 0, DurationSeconds);
            var to = i + 1 < Samples.Count ? Math.Clamp(Offset(Samples[i + 1].At), 0, DurationSeconds) : DurationSeconds;
            if (to > from)
                yield return (Samples[i], to - from);
        }
    }

    private double Offset(DateTimeOffset at) => (at - Recording.StartedAt).TotalSeconds;
}
