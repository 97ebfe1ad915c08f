namespace Keda.Inference.LoadTest.Comparison;

/// <summary>What one run looked like over time: a figure of the report.</summary>
internal sealed record PolicyTimeline
{
    /// <summary>The autoscaler.</summary>
    public required string Policy { get; init; }

    /// <summary>The run's seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Ascending in time, about one a second.</summary>
    public required IReadOnlyList<TimelinePoint> Points { get; init; }

    /// <summary>Each change of the wanted replicas, with the autoscaler's reason where it gives one.</summary>
    public required IReadOnlyList<ScalingDecision> Decisions { get; init; }

    /// <summary>Where CPU was read: <c>process accounting</c>, <c>metrics API</c>, <c>simulation</c>; null when it is unknown.</summary>
    public required string? CpuSource { get; init; }
}

/// <summary>One moment of a run; null is unknown.</summary>
/// <param name="Seconds">From the load's start.</param>
/// <param name="SentPerSecond">Requests sent in this second.</param>
/// <param name="P50Ms">From the intended send time, over the last <see cref="ComparisonResult.WindowSeconds"/>.</param>
/// <param name="P99Ms">From the intended send time, over the last <see cref="ComparisonResult.WindowSeconds"/>.</param>
/// <param name="Waiting">Queue depth.</param>
/// <param name="Replicas">Replicas that exist, ready or not.</param>
/// <param name="CpuCores">Cores that the replicas used together.</param>
internal sealed record TimelinePoint(
    double Seconds, double SentPerSecond, double? P50Ms, double? P99Ms, double? Waiting, double? Replicas, double? CpuCores);

/// <param name="Seconds">From the load's start.</param>
/// <param name="Text">Such as "replicas 1 -> 2: …".</param>
internal sealed record ScalingDecision(double Seconds, string Text);
