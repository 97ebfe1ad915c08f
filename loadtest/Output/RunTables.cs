using Keda.Inference.LoadTest.Measuring;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Output;

/// <summary>A run's result for people.</summary>
internal static class RunTables
{
    public static void Write(IAnsiConsole console, RunSummary summary)
    {
        console.MarkupLineInterpolated($"[bold]{summary.Workload}[/] → {summary.Target}, seed {summary.Seed}");
        if (summary.Interrupted)
            console.MarkupLine("[yellow]Interrupted: this is what was done until then.[/]");
        if (summary.Weights == "untrained")
            console.MarkupLine("[yellow]The service answers with untrained weights: speed is real, labels mean nothing.[/]");
        console.Write(Outcomes(summary));
        console.Write(Latencies(summary));
        console.MarkupLineInterpolated($"Sent {summary.SentPerSecond:0.0}/s, answered rightly {summary.OkPerSecond:0.0}/s, bodies {summary.MeanBodyBytes / 1000:0.0} KB on average, {summary.Seconds:0.0} s until the last answer");
        if (summary.Accuracy is { } accuracy)
            console.MarkupLineInterpolated($"Accuracy over {accuracy.Labelled} labelled answers: top-1 {accuracy.Top1:P1}, top-5 {accuracy.Top5:P1}");
        foreach (var (problem, count) in summary.Problems.Take(8))
            console.MarkupLineInterpolated($"[red]{count}×[/] {problem}");
        WriteGenerator(console, summary.Generator);
        foreach (var threshold in summary.Thresholds)
        {
            if (threshold.Met)
                console.MarkupLineInterpolated($"[green]✓[/] {threshold.Expression}: {threshold.Actual}");
            else
                console.MarkupLineInterpolated($"[red]✗[/] {threshold.Expression}: {threshold.Actual}");
        }
    }

    private static Table Outcomes(RunSummary summary)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Outcome").AddColumn(new TableColumn("Requests").RightAligned()).AddColumn(new TableColumn("Share").RightAligned());
        void Row(string name, int count) => table.AddRow(name, $"{count}", summary.Total == 0 ? "?" : $"{count / (double)summary.Total:P2}");
        Row($"ok within {summary.SloMs:0} ms", summary.Outcomes.OkWithinSlo);
        Row("ok, but late", summary.Outcomes.Late);
        Row("rejected (429)", summary.Outcomes.Rejected);
        Row("timeout", summary.Outcomes.Timeout);
        Row("error", summary.Outcomes.Error);
        Row("wrong answer", summary.Outcomes.WrongAnswer);
        table.AddRow("[bold]total[/]", $"[bold]{summary.Total}[/]", "");
        if (summary.Outcomes.Unfinished > 0)
            table.AddRow("not answered when interrupted", $"{summary.Outcomes.Unfinished}", "");
        return table;
    }

    private static Table Latencies(RunSummary summary)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Latency of right answers, ms");
        foreach (var name in new[] { "p50", "p90", "p95", "p99", "p99.9", "max", "mean" })
            table.AddColumn(new TableColumn(name).RightAligned());
        void Row(string name, LatencyStatistics? statistics)
        {
            if (statistics is null)
                table.AddRow(name, "?", "?", "?", "?", "?", "?", "?");
            else
                table.AddRow([name, .. new[] { statistics.P50Ms, statistics.P90Ms, statistics.P95Ms, statistics.P99Ms, statistics.P999Ms, statistics.MaxMs, statistics.MeanMs }.Select(value => $"{value:0.0}")]);
        }

        Row("from the intended send time", summary.Latency);
        Row("from the actual send time", summary.LatencyFromActualSend);
        Row("as the service reports", summary.ServerLatency);
        return table;
    }

    private static void WriteGenerator(IAnsiConsole console, GeneratorSummary generator)
    {
        console.MarkupLineInterpolated($"Generator lag: p50 {Known(generator.LagP50Ms)}, p99 {Known(generator.LagP99Ms)}, max {Known(generator.LagMaxMs)}; answers waited p99 {Known(generator.PoolDelayP99Ms)} for a thread");
        if (!generator.Valid)
            console.MarkupLineInterpolated($"[red]INVALID: the generator lagged more than {generator.LimitMs:0.#} ms. Give it more CPU, or lower the rate.[/]");
    }

    private static string Known(double? ms) => ms is { } known ? $"{known:0.00} ms" : "?";
}
