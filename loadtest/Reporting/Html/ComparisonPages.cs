using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Reporting.Charts;

namespace Keda.Inference.LoadTest.Reporting.Html;

/// <summary>The comparison page and a page for each autoscaler.</summary>
internal static class ComparisonPages
{
    public static void Write(HtmlText html, Measurement measurement, ComparisonResult comparison)
    {
        WriteSummary(html, comparison);
        var scales = Scales.Of(measurement.Timelines, comparison.SloMs);
        if (measurement.Timelines.Count > 0)
        {
            html.Add($"<section class=\"page\"><h2>All autoscalers over time</h2><p>Seed {measurement.Timelines[0].Seed}. The same requests are sent to each at the same moments.{(scales.CutsLatency ? $" Latencies above {scales.P99Ms:#,0} ms are cut off." : "")}</p>");
            html.AddMarkup(SvgChart.DrawTogether(Figures.Together(measurement.Timelines, comparison.SloMs, comparison.DurationSeconds, scales), 216)).Add($"</section>");
        }

        WriteTables(html, comparison);
        foreach (var (index, timeline) in measurement.Timelines.Index())
            WriteFigure(html, index, timeline, comparison, scales);
    }

    private static void WriteSummary(HtmlText html, ComparisonResult comparison)
    {
        var best = comparison.Policies.MaxBy(policy => policy.WithinSlo)!;
        var cheapest = comparison.Policies.Where(policy => policy.ReplicaSecondsPerThousandGood is not null).MinBy(policy => policy.ReplicaSecondsPerThousandGood);
        html.Add($"<section><h2>In short</h2><p>{How(comparison.Mode)} The load is <b>{comparison.Workload}</b>: {comparison.Policies[0].Total:#,0} requests in {comparison.DurationSeconds:0} s. A request is <em>good</em> when its right answer is there within {comparison.SloMs:0} ms of the moment at which it was meant to be sent, so waiting in a queue counts, and so does a refusal.</p>");
        if (Is(comparison, "valid", "false"))
            html.Add($"<p class=\"warning\">Invalid: in at least one run the generator itself lagged (p99 {comparison.Parameters.GetValueOrDefault("generator_lag_p99_ms")} ms), so these numbers blame the autoscalers for it.</p>");
        if (Is(comparison, "interrupted", "true"))
            html.Add($"<p class=\"warning\">Interrupted: only runs that were complete are shown.</p>");
        html.Add($"<p><b>{best.Policy}</b> answered most requests in time: {Say.Share(best.WithinSlo)}, with {Say.Number(best.MeanReplicas, "0.0")} replicas on average.");
        if (cheapest is not null && cheapest != best)
            html.Add($" <b>{cheapest.Policy}</b> was cheapest for each good answer: {Say.Number(cheapest.ReplicaSecondsPerThousandGood, "0")} replica-seconds for 1,000, at {Say.Share(cheapest.WithinSlo)} in time.");
        html.Add($"</p>");
        foreach (var policy in comparison.Policies)
        {
            html.Add($"<div class=\"bar\"><span class=\"name\">{policy.Policy}</span><span class=\"track\"><span class=\"fill\" style=\"width:{policy.WithinSlo * 100:0.#}%\"></span></span><span class=\"value\">{Say.Share(policy.WithinSlo)} in time</span><span class=\"value\">{policy.ReplicaSeconds:#,0} replica‑s</span></div>");
        }

        html.Add($"</section>");
    }

    /// <summary>Parameters are plain values when just measured, and JSON when read from a file.</summary>
    private static bool Is(ComparisonResult comparison, string parameter, string value) =>
        string.Equals(comparison.Parameters.GetValueOrDefault(parameter)?.ToString(), value, StringComparison.OrdinalIgnoreCase);

    private static string How(string mode) => mode switch
    {
        "simulate" => "Simulated in virtual time with the scaler's own policies and the published HPA algorithm: requests, queue, replicas and their start-up are modelled, not run.",
        "local" => "Measured with real workers on one machine (LocalCluster), one autoscaler after the other.",
        "kubernetes" => "Measured on a Kubernetes cluster, one ScaledObject after the other.",
        _ => $"Mode: {mode}.",
    };

    private static void WriteTables(HtmlText html, ComparisonResult comparison)
    {
        var policies = comparison.Policies;
        html.Add($"<section class=\"page\"><h2>Tables</h2>");
        WriteOverview(html, comparison);
        html.AddTable(
            "Table 5.1: requests through each autoscaler",
            ["Autoscaler", comparison.KnowsCpu ? "CPUs used, mean" : "CPUs used (replicas, rounded up)", "Requests processed", "Throughput", "Within the SLO"],
            policies.Select(policy => (IReadOnlyList<string>)
            [
                policy.Policy, comparison.KnowsCpu ? Say.Number(policy.MeanCpuCores, "0.00") : Say.Number(policy.MeanReplicas is { } mean ? Math.Ceiling(Math.Round(mean, 6)) : null), $"{policy.Ok * policy.Total:0} / {policy.Total:0}", Say.Share(policy.Ok), Say.Share(policy.WithinSlo),
            ]));
        html.AddTable(
            $"Table 5.2: end-to-end latency, p99 of each {ComparisonResult.WindowSeconds} s",
            ["Autoscaler", "Average p99", "Peak p99", "Standard deviation"],
            policies.Select(policy => (IReadOnlyList<string>)
                [policy.Policy, Say.Seconds(policy.P99WindowMeanMs), Say.Seconds(policy.P99WindowPeakMs), Say.Seconds(policy.P99WindowStdDevMs)]));
        html.AddTable(
            comparison.KnowsCpu ? "Table 5.3: resources, replicas that were there and the cores they used" : "Table 5.3: resources, one replica as one core",
            ["Autoscaler", "Average replicas", "Peak replicas", .. CpuNames(comparison), "Share of replica time at work"],
            policies.Select(policy => (IReadOnlyList<string>)
                [policy.Policy, Say.Number(policy.MeanReplicas, "0.0"), Say.Number(policy.PeakReplicas), .. Cpu(comparison, policy), policy.Utilisation is { } busy ? Say.Share(busy) : Say.Unknown]));
        html.Add($"</section>");
    }

    private static string[] CpuNames(ComparisonResult comparison) => comparison.KnowsCpu ? ["Average cores used", "Peak cores used"] : [];

    private static string[] Cpu(ComparisonResult comparison, PolicyResult policy) =>
        comparison.KnowsCpu ? [Say.Number(policy.MeanCpuCores, "0.00"), Say.Number(policy.PeakCpuCores, "0.00")] : [];

    /// <summary>Columns that would hold nothing (a range over one run, a cost without a price) are left out.</summary>
    private static void WriteOverview(HtmlText html, ComparisonResult comparison)
    {
        var (spread, priced) = (comparison.Seeds.Count > 1, comparison.Policies.Any(policy => policy.CostPerThousandGood is not null));
        List<(string Name, Func<PolicyResult, string> Value)> columns =
        [
            ("Autoscaler", policy => policy.Policy), ("In time", policy => Say.Share(policy.WithinSlo)), ("Answered", policy => Say.Share(policy.Ok)),
            ("p50", policy => Say.Latency(policy.P50Ms)), ("p99", policy => Say.Latency(policy.P99Ms)),
            ("Replica‑s", policy => Say.Number(policy.ReplicaSeconds, "#,0")), ("Peak", policy => Say.Number(policy.PeakReplicas)),
            ("Changes", policy => Say.Number(policy.ScalingActions, spread ? "0.0" : "0")), ("Replica‑s per 1,000 good", policy => Say.Number(policy.ReplicaSecondsPerThousandGood, "0")),
        ];
        if (spread)
            columns.Insert(2, ("In time, range", policy => $"{policy.Spread.WithinSloMin * 100:0.0}–{policy.Spread.WithinSloMax * 100:0.0} %"));
        if (priced)
            columns.Add(("Cost per 1,000 good", policy => Say.Number(policy.CostPerThousandGood, "0.0000")));
        html.AddTable(
            spread ? $"Overview: mean over {comparison.Seeds.Count} seeds, with the range of the runs" : $"Overview: one run each, seed {comparison.Seeds[0]}",
            [.. columns.Select(column => column.Name)],
            comparison.Policies.Select(policy => (IReadOnlyList<string>)[.. columns.Select(column => column.Value(policy))]));
    }

    private static void WriteFigure(HtmlText html, int index, PolicyTimeline timeline, ComparisonResult comparison, Scales scales)
    {
        var policy = comparison.Policies.FirstOrDefault(policy => policy.Policy == timeline.Policy);
        html.Add($"<section class=\"page\"><h2>Figure {index + 1}: {timeline.Policy}</h2>");
        if (policy is not null)
            html.Add($"<p>{Say.Share(policy.WithinSlo)} in time, p99 {Say.Latency(policy.P99Ms)}, {policy.ReplicaSeconds:#,0} replica-seconds, at most {policy.PeakReplicas} replicas{(comparison.Seeds.Count > 1 ? $" (mean over {comparison.Seeds.Count} seeds; the figure shows seed {timeline.Seed})" : "")}.</p>");
        html.AddMarkup(SvgChart.DrawTogether(Figures.OfPolicy(timeline, comparison.SloMs, comparison.DurationSeconds, scales), 151));
        if (timeline.Decisions.Count > 0)
        {
            html.Add($"<details class=\"decisions\"><summary>{timeline.Decisions.Count} changes of the wanted replicas, with reasons</summary><ul>");
            foreach (var decision in timeline.Decisions)
                html.Add($"<li>{decision.Seconds:0} s: {decision.Text}</li>");
            html.Add($"</ul></details>");
        }

        html.Add($"</section>");
    }
}
