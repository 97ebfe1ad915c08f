using System.Reflection;
using System.Text.Json;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Reporting.Html;

/// <summary>One HTML file that holds everything: no script, no network, and a style that prints.</summary>
internal static class HtmlReport
{
    public static string Create(Measurement measurement)
    {
        var title = TitleOf(measurement);
        var html = new HtmlText();
        html.Add($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Add($"<title>{title}</title><style>").AddMarkup(Style()).Add($"</style></head><body><header><h1>{title}</h1>");
        html.Add($"<p>{(measurement.Comparison?.Mode == "simulate" ? "Simulated" : "Measured")} on {measurement.MeasuredAt:yyyy-MM-dd HH:mm} UTC by <code>loadtest {measurement.Command}</code></p></header><main>");
        if (measurement.Comparison is { } comparison)
            ComparisonPages.Write(html, measurement, comparison);
        if (measurement.Saturation is { } saturation)
            SaturationPages.Write(html, saturation);
        if (measurement.Run is { } run)
            RunPages.Write(html, measurement, run);
        WriteParameters(html, measurement);
        WriteReading(html);
        return html.Add($"</main></body></html>").ToString();
    }

    private static string TitleOf(Measurement measurement) => measurement switch
    {
        { Comparison: not null } => "Autoscalers compared on one load",
        { Saturation: not null } => "What one replica carries",
        _ => "Load test",
    };

    private static void WriteParameters(HtmlText html, Measurement measurement)
    {
        html.Add($"<section><h2>Parameters and versions</h2>");
        if (measurement.Comparison is { } comparison)
        {
            html.AddTable("Parameters", ["Parameter", "Value"],
            [
                ["workload", comparison.Workload], ["duration", $"{Say.Number(comparison.DurationSeconds)} s"], ["SLO", Say.Milliseconds(comparison.SloMs)],
                ["seeds", string.Join(", ", comparison.Seeds)],
                .. comparison.Parameters.Select(pair => (IReadOnlyList<string>)[pair.Key, Text(pair.Value)]),
            ]);
        }

        html.AddTable("Versions", ["", "Version"], measurement.Versions.Select(pair => (IReadOnlyList<string>)[pair.Key, pair.Value]));
        html.Add($"</section>");
    }

    private static void WriteReading(HtmlText html) => html.Add($"""
        <section><h2>How to read this</h2><dl>
        <dt>From the intended send time</dt><dd>Send times are fixed before the run. A slow service does not slow the load down, and what a request waited because of the ones before it is counted.</dd>
        <dt>Replica</dt><dd>One worker process or pod. Replica-seconds are counted from the moment a replica is asked for until it is gone, and are what is paid for.</dd>
        <dt>Queue depth</dt><dd>Requests accepted and not yet taken by a worker.</dd>
        <dt>p99</dt><dd>99 of 100 requests were at least as fast.</dd>
        <dt>–</dt><dd>Not measured, or nothing to divide by. It is never written as zero.</dd>
        </dl></section>
        """);

    private static string Text(object? value) => value switch
    {
        null => "–",
        JsonElement { ValueKind: JsonValueKind.Null } => "–",
        JsonElement { ValueKind: JsonValueKind.Array } array => List(array.EnumerateArray().Cast<object>()),
        JsonElement element => element.ToString(),
        System.Collections.IEnumerable list and not string => List(list.Cast<object>()),
        _ => FormattableString.Invariant($"{value}"),
    };

    private static string List(IEnumerable<object> values) => string.Join(", ", values) is { Length: > 0 } text ? text : "–";

    private static string Style()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")
            ?? throw new FailureException("The report's style is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
