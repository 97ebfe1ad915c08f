using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Reporting.Charts;

namespace Keda.Inference.LoadTest.Reporting.Html;

/// <summary>The page of a single run.</summary>
internal static class RunPages
{
    public static void Write(HtmlText html, Measurement measurement, RunSummary run)
    {
        html.Add($"<section><h2>In short</h2><p>{run.Total} requests of the load <b>{run.Workload}</b> were sent to {run.Target}. {Say.Share(run.WithinSlo)} were answered rightly within {run.SloMs:0} ms of the moment at which they were meant to be sent, {Say.Share(run.Ok)} at all.</p>");
        if (run.Interrupted)
            html.Add($"<p class=\"warning\">The run was interrupted; this is what was done until then.</p>");
        if (!run.Generator.Valid)
            html.Add($"<p class=\"warning\">Invalid: the generator itself lagged more than {run.Generator.LimitMs:0.#} ms, so these numbers blame the service for it.</p>");
        if (run.Weights == "untrained")
            html.Add($"<p class=\"warning\">The service answered with untrained weights: speed is real, labels mean nothing.</p>");
        html.Add($"</section><section>");
        html.AddTable("Outcomes", ["Outcome", "Requests", "Share"], Outcomes(run).Select(row => (IReadOnlyList<string>)
            [row.Name, Say.Number(row.Count), Say.Share(run.Total == 0 ? null : row.Count / (double)run.Total)]));
        html.AddTable(
            "Latency of right answers, ms", ["", "p50", "p90", "p95", "p99", "p99.9", "max", "mean"],
            [Row("from the intended send time", run.Latency), Row("from the actual send time", run.LatencyFromActualSend), Row("as the service reports", run.ServerLatency)]);
        html.AddTable("Generator", ["", "p50", "p99", "max"],
            [["lag behind the intended send time, ms", Say.Number(run.Generator.LagP50Ms, "0.00"), Say.Number(run.Generator.LagP99Ms, "0.00"), Say.Number(run.Generator.LagMaxMs, "0.00")]]);
        if (run.Accuracy is { } accuracy)
            html.Add($"<p>Accuracy over {accuracy.Labelled} labelled answers: top-1 {Say.Share(accuracy.Top1)}, top-5 {Say.Share(accuracy.Top5)}.</p>");
        if (run.Thresholds.Count > 0)
            html.AddTable("Thresholds", ["Threshold", "Measured", "Met"], run.Thresholds.Select(threshold => (IReadOnlyList<string>)[threshold.Expression, threshold.Actual, threshold.Met ? "yes" : "no"]));
        if (run.Problems.Count > 0)
            html.AddTable("What went wrong", ["Problem", "Requests"], run.Problems.Select(pair => (IReadOnlyList<string>)[pair.Key, Say.Number(pair.Value)]));
        html.Add($"</section>");
        foreach (var timeline in measurement.Timelines)
        {
            html.Add($"<section class=\"page\"><h2>Over time</h2>");
            var panels = Figures.OfPolicy(timeline, run.SloMs, Math.Max(1, timeline.Points[^1].Seconds), Scales.Of([timeline], run.SloMs));
            html.AddMarkup(SvgChart.DrawTogether(panels, 151));
            html.Add($"</section>");
        }
    }

    private static IEnumerable<(string Name, int Count)> Outcomes(RunSummary run) =>
    [
        ($"ok within {run.SloMs:0} ms", run.Outcomes.OkWithinSlo), ("ok, but late", run.Outcomes.Late), ("rejected (429)", run.Outcomes.Rejected),
        ("timeout", run.Outcomes.Timeout), ("error", run.Outcomes.Error), ("wrong answer", run.Outcomes.WrongAnswer),
    ];

    private static IReadOnlyList<string> Row(string name, LatencyStatistics? statistics) =>
    [
        name, .. new[] { statistics?.P50Ms, statistics?.P90Ms, statistics?.P95Ms, statistics?.P99Ms, statistics?.P999Ms, statistics?.MaxMs, statistics?.MeanMs }
            .Select(value => Say.Number(value, "0.0")),
    ];
}
