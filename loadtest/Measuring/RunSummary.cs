using HdrHistogram;
using Keda.Inference.LoadTest.Sending;

namespace Keda.Inference.LoadTest.Measuring;

/// <summary>What a run showed: the JSON document of <c>run</c>. Shares are fractions of <see cref="Total"/>; unknown is null.</summary>
internal sealed record RunSummary
{
    public required string Target { get; init; }

    public required string Workload { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required int Seed { get; init; }

    public required double SloMs { get; init; }

    /// <summary>From the start to the last answer.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests sent whose end is known.</summary>
    public required int Total { get; init; }

    public required bool Interrupted { get; init; }

    /// <summary>Share answered rightly, however late.</summary>
    public required double? Ok { get; init; }

    /// <summary>Share answered rightly within the SLO from the intended send time.</summary>
    public required double? WithinSlo { get; init; }

    public required double? P50Ms { get; init; }

    public required double? P99Ms { get; init; }

    public required OutcomeCounts Outcomes { get; init; }

    /// <summary>From the intended send time, of right answers: what a caller waits.</summary>
    public required LatencyStatistics? Latency { get; init; }

    /// <summary>From the actual send time, of right answers.</summary>
    public required LatencyStatistics? LatencyFromActualSend { get; init; }

    /// <summary>What the service itself reports, where it does.</summary>
    public required LatencyStatistics? ServerLatency { get; init; }

    public required double SentPerSecond { get; init; }

    public required double OkPerSecond { get; init; }

    public required AccuracySummary? Accuracy { get; init; }

    public required string? Weights { get; init; }

    public required GeneratorSummary Generator { get; init; }

    public required double MeanBodyBytes { get; init; }

    /// <summary>Each kind of failure and how often it was met.</summary>
    public required IReadOnlyDictionary<string, int> Problems { get; init; }

    public required IReadOnlyList<ThresholdResult> Thresholds { get; init; }
}

/// <summary>Counts; all but <see cref="Unfinished"/> add up to the total.</summary>
internal sealed record OutcomeCounts(int OkWithinSlo, int Late, int Rejected, int Timeout, int Error, int WrongAnswer, int Unfinished)
{
    public int Ok => OkWithinSlo + Late;

    public static OutcomeCounts Of(RequestRecord[] records)
    {
        var counts = new int[Enum.GetValues<Outcome>().Length];
        foreach (ref readonly var record in records.AsSpan())
            counts[(int)record.Outcome]++;
        int Count(Outcome outcome) => counts[(int)outcome];
        return new OutcomeCounts(
            Count(Outcome.OkWithinSlo), Count(Outcome.Late), Count(Outcome.Rejected), Count(Outcome.Timeout), Count(Outcome.Error),
            Count(Outcome.WrongAnswer), Count(Outcome.Unfinished));
    }
}

/// <summary>Of the answers to pictures whose label is known.</summary>
internal sealed record AccuracySummary(int Labelled, double Top1, double Top5);

/// <summary>How far the generator itself can be trusted.</summary>
/// <param name="Valid">Whether its lag stayed below the limit.</param>
/// <param name="LagP50Ms">Actual minus intended send time.</param>
/// <param name="LagP99Ms">Actual minus intended send time.</param>
/// <param name="LagMaxMs">Actual minus intended send time.</param>
/// <param name="PoolDelayP99Ms">How long answers waited for a thread of the generator.</param>
/// <param name="LimitMs">The lag from which a run counts as invalid.</param>
internal sealed record GeneratorSummary(bool Valid, double? LagP50Ms, double? LagP99Ms, double? LagMaxMs, double? PoolDelayP99Ms, double LimitMs);
