using Keda.Inference.LoadTest.Saturation;

namespace Keda.Inference.LoadTest.Reporting.Html;

/// <summary>The page of a saturation measurement.</summary>
internal static class SaturationPages
{
    public static void Write(HtmlText html, SaturationResult result)
    {
        html.Add($"<section><h2>What one replica carries</h2>");
        if (result.Search is { } search)
        {
            html.Add($"<p>Highest rate at which {Say.Share(result.Goal)} of the requests were answered within {result.SloMs:0} ms: <b>{Say.Number(search.Highest, "0.##")} per second</b>{(search.LowestFailed is { } failed ? $"; {failed:0.##} per second failed" : "")}.</p>");
            html.AddTable("Rates tried", ["Rate, 1/s", "Within the SLO", "p99", "Carried"], search.Probes.Select(probe => (IReadOnlyList<string>)
                [Say.Number(probe.Rate, "0.##"), Say.Share(probe.WithinSlo), Say.Milliseconds(probe.P99Ms), probe.Carried ? "yes" : "no"]));
        }

        if (!result.Valid)
            html.Add($"<p class=\"warning\">Invalid: the generator lagged in at least one run.</p>");
        if (result.Table.Count > 0)
        {
            html.AddTable(
                $"Table 4.1: share answered within {result.SloMs:0} ms (answered at all) by rate and time",
                ["Time", .. result.Table.Select(column => $"{Say.Number(column.Rate, "0.##")} /s")],
                Enumerable.Range(0, result.Table[0].Cells.Count).Select(row => (IReadOnlyList<string>)
                [
                    $"{Say.Number(result.Table[0].Cells[row].Seconds)} s",
                    .. result.Table.Select(column => $"{Say.Share(column.Cells[row].WithinSlo)} ({Say.Share(column.Cells[row].Ok)})"),
                ]));
        }

        html.Add($"</section>");
    }
}
