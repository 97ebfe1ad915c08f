using HdrHistogram;
using Keda.Inference.LoadTest.Sending;

namespace Keda.Inference.LoadTest.Measuring;

/// <summary>Sums a recording up.</summary>
internal static class Summariser
{
    public static RunSummary Summarise(RunRecording recording, string workload, TimeSpan maximumLag, IReadOnlyList<Threshold> thresholds)
    {
        var records = recording.Records;
        var finished = records.Where(record => record.Outcome != Outcome.Unfinished).ToArray();
        var outcomes = OutcomeCounts.Of(records);
        var latency = LatencyHistogram.Of(finished.Where(record => record.Ok).Select(record => record.LatencySeconds));
        var labelled = finished.Where(record => record.Top1 is not null).ToArray();
        var seconds = finished.Length == 0 ? 0 : finished.Max(record => record.Completed);
        var sending = records.Length == 0 ? 0 : Math.Max(records[^1].Sent, 1e-3);
        var summary = new RunSummary
        {
            Target = recording.Plan.Target.ToString(),
            Workload = workload,
            StartedAt = recording.StartedAt,
            Seed = recording.Plan.Seed,
            SloMs = recording.Plan.Slo.TotalMilliseconds,
            Seconds = seconds,
            Total = finished.Length,
            Interrupted = recording.Interrupted,
            Ok = Share(outcomes.Ok, finished.Length),
            WithinSlo = Share(outcomes.OkWithinSlo, finished.Length),
            P50Ms = latency.PercentileMs(50),
            P99Ms = latency.PercentileMs(99),
            Outcomes = outcomes,
            Latency = latency.Statistics(),
            LatencyFromActualSend = LatencyHistogram.Of(finished.Where(record => record.Ok).Select(record => record.SentLatencySeconds)).Statistics(),
            ServerLatency = LatencyHistogram.Of(finished.Where(record => record.Ok && !double.IsNaN(record.ServerMs)).Select(record => record.ServerMs / 1000)).Statistics(),
            SentPerSecond = sending > 0 ? records.Length / sending : 0,
            OkPerSecond = seconds > 0 ? outcomes.Ok / seconds : 0,
            Accuracy = labelled.Length == 0 ? null : new AccuracySummary(
                labelled.Length, labelled.Count(record => record.Top1 == true) / (double)labelled.Length,
                labelled.Count(record => record.Top5 == true) / (double)labelled.Length),
            Weights = recording.Weights,
            Generator = Generator(recording, maximumLag),
            MeanBodyBytes = recording.MeanBodyBytes,
            Problems = finished.Where(record => record.Problem is not null).CountBy(record => record.Problem!)
                .OrderByDescending(pair => pair.Value).ToDictionary(),
            Thresholds = [],
        };
        return summary with { Thresholds = [.. thresholds.Select(threshold => threshold.Check(summary, latency))] };
    }

    private static GeneratorSummary Generator(RunRecording recording, TimeSpan maximumLag)
    {
        var lags = recording.Records.Select(record => record.LagSeconds * 1000).Order().ToArray();
        var pool = Percentiles.Of(recording.PoolDelays.Select(delay => delay * 1000), 99);
        var lag = Percentiles.OfSorted(lags, 99);
        var limit = maximumLag.TotalMilliseconds;
        return new GeneratorSummary(!(lag > limit) && !(pool > limit), Percentiles.OfSorted(lags, 50), lag, lags.Length == 0 ? null : lags[^1], pool, limit);
    }

    private static double? Share(int part, int whole) => whole == 0 ? null : part / (double)whole;
}
