using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Output;
using Keda.Inference.LoadTest.Reporting.Charts;
using Keda.Inference.LoadTest.Reporting.Html;

namespace Keda.Inference.LoadTest.Reporting;

/// <summary>Writes a report: one HTML file, the charts as PNG and the series as CSV.</summary>
internal static class ReportFolder
{
    public const string Html = "report.html";
    public const string Timeline = "timeline.csv";

    /// <returns>A remark for the user, or null.</returns>
    public static async Task<string?> WriteAsync(string folder, Measurement measurement, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, Measurement.FileName), JsonOutput.Serialize(measurement), cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, Html), HtmlReport.Create(measurement), cancellation);
        if (measurement.Timelines.Count == 0)
            return null;
        await Csv.WriteAsync(
            Path.Combine(folder, Timeline), "policy,seed,second,sent,p50_ms,p99_ms,waiting,replicas,cpu_cores",
            measurement.Timelines.SelectMany(timeline => timeline.Points.Select(point => new object?[]
            {
                timeline.Policy, timeline.Seed, point.Seconds, point.SentPerSecond, point.P50Ms, point.P99Ms, point.Waiting, point.Replicas, point.CpuCores,
            })),
            cancellation);
        return WriteCharts(folder, measurement);
    }

    private static string? WriteCharts(string folder, Measurement measurement)
    {
        if (PngChart.FindFont() is not { } font)
            return "No PNG charts: no font was found to letter them with (install fonts-dejavu-core). The HTML report needs none.";
        var slo = measurement.Comparison?.SloMs ?? measurement.Run?.SloMs ?? 500;
        var seconds = measurement.Comparison?.DurationSeconds ?? Math.Max(1, measurement.Timelines.Max(timeline => timeline.Points[^1].Seconds));
        var scales = Scales.Of(measurement.Timelines, slo);
        foreach (var timeline in measurement.Timelines)
            Save(timeline.Policy, Figures.OfPolicy(timeline, slo, seconds, scales));
        if (measurement.Timelines.Count > 1)
            Save("all", Figures.Together(measurement.Timelines, slo, seconds, scales));
        return null;

        void Save(string name, IReadOnlyList<Panel> panels)
        {
            foreach (var panel in panels)
            {
                var subject = new string([.. panel.Title.TakeWhile(letter => letter != ',').Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')]);
                PngChart.Save(panel, Path.Combine(folder, $"{name}-{subject}.png"), font);
            }
        }
    }
}
