using Keda.Inference.LoadTest.Comparison;

namespace Keda.Inference.LoadTest.Reporting.Charts;

/// <summary>Which panels the report has.</summary>
internal static class Figures
{
    private const string Time = "seconds from the start of the load";

    /// <summary>The panels of one autoscaler, one under the other over the same time, as the report's figures 5.1 to 5.3.</summary>
    public static IReadOnlyList<Panel> OfPolicy(PolicyTimeline timeline, double sloMs, double seconds, Scales scales)
    {
        var x = timeline.Points.Select(point => point.Seconds).ToArray();
        Panel Of(string title, Func<TimelinePoint, double?> value, int colour, double atLeast, bool steps = false) => new()
        {
            Title = title,
            XLabel = Time,
            XMaximum = seconds,
            YAtLeast = atLeast,
            Series = [new Series(title, x, [.. timeline.Points.Select(value)], colour, steps)],
        };
        return
        [
            Of("Offered load, requests per second", point => point.SentPerSecond, 6, scales.Rate),
            Of($"CPU of all replicas, cores{(timeline.CpuSource is { } source ? $" ({source})" : "")}", point => point.CpuCores, 0, scales.Cores),
            Of("Replicas", point => point.Replicas, 2, scales.Replicas, steps: true),
            Of("Queue depth, requests waiting", point => point.Waiting, 4, scales.Waiting),
            Of($"p99 latency over {ComparisonResult.WindowSeconds} s, ms from the intended send time", point => point.P99Ms, 1, sloMs * 1.5) with
            {
                Limits = [new Limit(sloMs, $"SLO {sloMs:0} ms")],
                YAtMost = scales.P99Ms,
            },
        ];
    }

    /// <summary>All autoscalers in one panel each for what they cost and what they achieve.</summary>
    public static IReadOnlyList<Panel> Together(IReadOnlyList<PolicyTimeline> timelines, double sloMs, double seconds, Scales scales)
    {
        Panel Of(string title, Func<TimelinePoint, double?> value, bool steps = false) => new()
        {
            Title = title,
            XLabel = Time,
            XMaximum = seconds,
            Series = [.. timelines.Select((timeline, i) => new Series(
                timeline.Policy, [.. timeline.Points.Select(point => point.Seconds)], [.. timeline.Points.Select(value)], i, steps))],
        };
        return
        [
            Of("p99 latency, ms", point => point.P99Ms) with { Limits = [new Limit(sloMs, $"SLO {sloMs:0} ms")], YAtLeast = sloMs * 1.5, YAtMost = scales.P99Ms },
            Of("Replicas", point => point.Replicas, steps: true),
            Of("Queue depth", point => point.Waiting),
        ];
    }
}

/// <summary>How far the vertical axes of every autoscaler reach, so that their figures can be compared at a glance.</summary>
internal sealed record Scales(double Rate, double Cores, double Replicas, double Waiting, double P99Ms, bool CutsLatency)
{
    /// <summary>Latencies beyond twenty times the target are cut off: they would flatten everything that matters.</summary>
    private const double LatencyCut = 20;

    public static Scales Of(IEnumerable<PolicyTimeline> timelines, double sloMs)
    {
        var points = timelines.SelectMany(timeline => timeline.Points).ToList();
        double Highest(Func<TimelinePoint, double?> value) => points.Select(value).Max() ?? 1;
        return new Scales(
            Highest(point => point.SentPerSecond), Highest(point => point.CpuCores), Highest(point => point.Replicas), Highest(point => point.Waiting),
            Math.Min(Math.Max(Highest(point => point.P99Ms), sloMs * 1.5), sloMs * LatencyCut), Highest(point => point.P99Ms) > sloMs * LatencyCut);
    }
}
