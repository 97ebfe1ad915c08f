using HdrHistogram;

namespace Keda.Inference.LoadTest.Measuring;

/// <summary>HdrHistogram of microseconds up to an hour, with three digits.</summary>
internal static class LatencyHistogram
{
    private const long HighestMicroseconds = 3_600_000_000;

    public static LongHistogram Create() => new(1, HighestMicroseconds, 3);

    public static LongHistogram Of(IEnumerable<double> seconds)
    {
        var histogram = Create();
        foreach (var value in seconds)
            histogram.Record(value);
        return histogram;
    }

    public static void Record(this HistogramBase histogram, double seconds) =>
        histogram.RecordValue(Math.Clamp((long)Math.Round(seconds * 1e6), 1, HighestMicroseconds));

    /// <summary>Milliseconds; null of nothing.</summary>
    public static double? PercentileMs(this HistogramBase histogram, double percent) =>
        histogram.TotalCount == 0 ? null : histogram.GetValueAtPercentile(percent) / 1000.0;

    public static LatencyStatistics? Statistics(this HistogramBase histogram) => histogram.TotalCount == 0 ? null : new LatencyStatistics(
        histogram.TotalCount, histogram.GetMean() / 1000, histogram.PercentileMs(50)!.Value, histogram.PercentileMs(90)!.Value,
        histogram.PercentileMs(95)!.Value, histogram.PercentileMs(99)!.Value, histogram.PercentileMs(99.9)!.Value, histogram.GetMaxValue() / 1000.0);
}

/// <summary>Latencies in milliseconds.</summary>
internal sealed record LatencyStatistics(
    long Count, double MeanMs, double P50Ms, double P90Ms, double P95Ms, double P99Ms, [property: System.Text.Json.Serialization.JsonPropertyName("p99_9_ms")] double P999Ms, double MaxMs);
