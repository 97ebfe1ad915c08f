using Spectre.Console;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>A comparison for people: an overview, then the report's tables 5.1, 5.2 and 5.3 with their columns.</summary>
internal static class ComparisonTables
{
    private const string Unknown = "–";

    public static void Write(IAnsiConsole console, ComparisonResult result)
    {
        var runs = result.Seeds.Count == 1 ? $"seed {result.Seeds[0]}" : $"mean of {result.Seeds.Count} seeds";
        console.MarkupLineInterpolated($"[bold]{result.Workload}[/], {result.DurationSeconds:0.#} s, {result.Mode}, {runs}, SLO {result.SloMs:0.#} ms end to end");
        console.MarkupLineInterpolated($"{string.Join("  ", result.Parameters.Select(pair => $"{pair.Key} {Text(pair.Value)}"))}");
        console.Write(Overview(result));
        console.MarkupLine("[bold]Table 5.1[/]  Requests through each autoscaler");
        console.Write(Requests(result));
        console.MarkupLineInterpolated($"[bold]Table 5.2[/]  Latency, p99 of each {ComparisonResult.WindowSeconds} s");
        console.Write(Latency(result));
        console.MarkupLine(result.KnowsCpu
            ? "[bold]Table 5.3[/]  Resources: replicas that were there, and the cores they used"
            : "[bold]Table 5.3[/]  Resources, one core for each replica");
        console.Write(Resources(result));
    }

    private static Table Overview(ComparisonResult result)
    {
        var priced = result.Policies.Any(policy => policy.CostPerThousandGood is not null);
        var table = Create(
            "Autoscaler", "Within SLO", "± (range)", "OK", "p50 ms", "p99 ms", "Replica-s", "±", "Peak", "Busy", "Changes",
            priced ? "Cost/1000 good" : "Replica-s/1000 good");
        foreach (var policy in result.Policies)
        {
            var spread = policy.Spread;
            table.AddRow(
                policy.Policy, Share(policy.WithinSlo),
                spread.Runs > 1 ? $"{spread.WithinSloStdDev * 100:0.00} ({spread.WithinSloMin * 100:0.0}–{spread.WithinSloMax * 100:0.0})" : "",
                Share(policy.Ok), Number(policy.P50Ms), Number(policy.P99Ms), $"{policy.ReplicaSeconds:0}",
                spread.Runs > 1 ? $"{spread.ReplicaSecondsStdDev:0}" : "", $"{policy.PeakReplicas}",
                policy.Utilisation is { } busy ? $"{busy * 100:0}%" : Unknown, Number(policy.ScalingActions),
                priced ? $"{policy.CostPerThousandGood:0.0000}" : Number(policy.ReplicaSecondsPerThousandGood));
        }
        return table;
    }

    private static Table Requests(ComparisonResult result)
    {
        var table = Create("Autoscaler Type", result.KnowsCpu ? "CPUs Used (mean)" : "CPUs Used", "Requests Processed", "Throughput (%)");
        foreach (var policy in result.Policies)
            table.AddRow(policy.Policy, result.KnowsCpu ? Cores(policy.MeanCpuCores) : policy.MeanReplicas is { } mean ? $"{Math.Ceiling(Math.Round(mean, 6)):0}" : Unknown, $"{policy.Ok * policy.Total:0} / {policy.Total:0}", $"{policy.Ok * 100:0.0}%");
        return table;
    }

    private static Table Latency(ComparisonResult result)
    {
        var table = Create("Autoscaler Type", "Average 99th %ile Latency", "Peak Latency", "Latency Variance");
        foreach (var policy in result.Policies)
        {
            table.AddRow(
                policy.Policy, Seconds(policy.P99WindowMeanMs), Seconds(policy.P99WindowPeakMs),
                Grade(policy.P99WindowStdDevMs / result.SloMs, 0.1, 0.5, "Low", "Medium", "High") + $" (±{Seconds(policy.P99WindowStdDevMs)})");
        }
        return table;
    }

    private static Table Resources(ComparisonResult result)
    {
        string[] replicas = result.KnowsCpu ? ["Avg Replicas", "Peak Replicas", "Avg CPU Cores Used", "Peak CPU Cores Used"] : ["Avg CPU Cores", "Peak CPU Cores"];
        var table = Create("Autoscaler Type", [.. replicas, "Scaling Efficiency"]);
        foreach (var policy in result.Policies)
        {
            string[] used = result.KnowsCpu ? [Cores(policy.MeanCpuCores), Cores(policy.PeakCpuCores)] : [];
            table.AddRow(
                [policy.Policy, policy.MeanReplicas is { } mean ? $"{mean:0.0}" : Unknown, $"{policy.PeakReplicas:0.0}", .. used,
                Grade(policy.Utilisation, 1 / 3.0, 1 / 2.0, "Low", "Medium", "High") + (policy.Utilisation is { } busy ? $" ({busy * 100:0}% busy)" : "")]);
        }
        return table;
    }

    private static Table Create(string first, params string[] others)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(first);
        foreach (var name in others)
            table.AddColumn(new TableColumn(name).RightAligned());
        return table;
    }

    private static string Grade(double? value, double low, double high, string below, string between, string above) =>
        value is not { } known ? Unknown : known < low ? below : known < high ? between : above;

    private static string Share(double share) => $"{share * 100:0.00}%";

    private static string Cores(double? cores) => cores is { } known ? $"{known:0.00}" : Unknown;

    private static string Number(double? value) => value is { } known ? $"{known:0.#}" : Unknown;

    private static string Seconds(double? milliseconds) => milliseconds is { } known ? $"{known / 1000:0.00}s" : Unknown;

    private static string Text(object? value) => value switch
    {
        null => Unknown,
        bool flag => flag ? "on" : "off",
        System.Collections.IEnumerable list and not string => string.Join(",", list.Cast<object>()),
        _ => FormattableString.Invariant($"{value}"),
    };
}
