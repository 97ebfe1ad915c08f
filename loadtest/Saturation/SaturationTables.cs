using Spectre.Console;

namespace Keda.Inference.LoadTest.Saturation;

/// <summary>The result for people.</summary>
internal static class SaturationTables
{
    public static void Write(IAnsiConsole console, SaturationResult result)
    {
        console.MarkupLineInterpolated($"[bold]One replica[/] at {result.Target}, SLO {result.SloMs:0} ms from the intended send time, seed {result.Seed}");
        if (result.Weights == "untrained")
            console.MarkupLine("[yellow]The service answers with untrained weights: speed is real, labels mean nothing.[/]");
        if (result.Table.Count > 0)
        {
            console.MarkupLine("Share answered within the SLO (in brackets: answered at all)");
            console.Write(Table(result));
        }

        if (result.Search is { } search)
            WriteSearch(console, result, search);
        if (!result.Valid)
            console.MarkupLine("[red]INVALID: the generator lagged in at least one run. Give it more CPU.[/]");
    }

    private static Table Table(SaturationResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Time");
        foreach (var column in result.Table)
            table.AddColumn(new TableColumn($"{column.Rate:0.##}/s{(column.Valid ? "" : " (lagged)")}").RightAligned());
        for (var row = 0; row < result.Table[0].Cells.Count; row++)
            table.AddRow([$"{result.Table[0].Cells[row].Seconds:0.#} s", .. result.Table.Select(column => Cell(column.Cells[row]))]);
        return table;
    }

    private static string Cell(SaturationCell cell) => cell.Total == 0 ? "?" : $"{cell.WithinSlo:P1} ({cell.Ok:P1})";

    private static void WriteSearch(IAnsiConsole console, SaturationResult result, RateSearchResult search)
    {
        var bound = search.LowestFailed is { } failed ? $"; {failed:0.##}/s did not" : "; the search's limit";
        if (search.Highest is { } highest)
            console.MarkupLineInterpolated($"Highest rate with {result.Goal:P1} within {result.SloMs:0} ms: [bold]{highest:0.##}/s[/]{bound} ({search.Probes.Count} runs)");
        else
            console.MarkupLineInterpolated($"[yellow]No rate tried had {result.Goal:P1} within {result.SloMs:0} ms, not even {search.LowestFailed:0.##}/s.[/]");
    }
}
