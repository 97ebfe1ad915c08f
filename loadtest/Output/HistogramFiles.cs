using HdrHistogram;
using Keda.Inference.LoadTest.Measuring;

namespace Keda.Inference.LoadTest.Output;

/// <summary>HdrHistogram's own formats: the interval log that its plotters read, and the percentile distribution.</summary>
internal static class HistogramFiles
{
    private const double IntervalSeconds = 10;

    public static void WriteLog(string path, DateTimeOffset startedAt, IReadOnlyList<RequestRecord> records)
    {
        using var stream = File.Create(path);
        using var writer = new HistogramLogWriter(stream);
        var intervals = records.Where(record => record.Ok).GroupBy(record => (int)(record.Intended / IntervalSeconds))
            .OrderBy(group => group.Key).Select(group => Interval(group.Key, startedAt, group));
        writer.Write(startedAt.UtcDateTime, [.. intervals]);
    }

    public static void WriteDistribution(string path, IEnumerable<RequestRecord> records)
    {
        using var writer = new StreamWriter(path);
        var histogram = LatencyHistogram.Of(records.Where(record => record.Ok).Select(record => record.LatencySeconds));
        if (histogram.TotalCount > 0)
            histogram.OutputPercentileDistribution(writer, 5, 1000, false);
    }

    private static LongHistogram Interval(int index, DateTimeOffset startedAt, IEnumerable<RequestRecord> records)
    {
        var histogram = LatencyHistogram.Of(records.Select(record => record.LatencySeconds));
        histogram.StartTimeStamp = startedAt.AddSeconds(index * IntervalSeconds).ToUnixTimeMilliseconds();
        histogram.EndTimeStamp = startedAt.AddSeconds((index + 1) * IntervalSeconds).ToUnixTimeMilliseconds();
        return histogram;
    }
}
