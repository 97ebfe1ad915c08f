using ScottPlot;

namespace Keda.Inference.LoadTest.Reporting.Charts;

/// <summary>
/// A panel as a PNG for slides and papers, by ScottPlot. SkiaSharp's Linux build without dependencies knows no system fonts, so a
/// font file has to be found first.
/// </summary>
internal static class PngChart
{
    private const string FontName = "chart";

    private static readonly string[] FontFiles =
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/noto/NotoSans-Regular.ttf",
        "/Library/Fonts/Arial.ttf", "/System/Library/Fonts/Supplemental/Arial.ttf", @"C:\Windows\Fonts\arial.ttf",
    ];

    /// <summary>The font file charts are lettered with; null when the machine has none that is known.</summary>
    public static string? FindFont() => Array.Find(FontFiles, File.Exists);

    public static void Save(Panel panel, string path, string font, int width = 1200, int height = 420)
    {
        Fonts.AddFontFile(FontName, font, bold: false, italic: false);
        using var plot = new Plot();
        plot.Font.Set(FontName);
        plot.Title(panel.Title, 18);
        plot.XLabel(panel.XLabel);
        foreach (var series in panel.Series)
            Add(plot, series);
        foreach (var limit in panel.Limits)
        {
            var line = plot.Add.HorizontalLine(limit.Value, 1, Color.FromHex("#b00020"), LinePattern.Dashed);
            line.LegendText = limit.Name;
        }

        plot.Axes.SetLimits(0, panel.XMaximum, 0, panel.YMaximum);
        if (panel.Series.Count > 1 || panel.Limits.Count > 0)
            plot.ShowLegend(Alignment.UpperLeft).FontName = FontName;
        plot.SavePng(path, width, height);
    }

    /// <summary>Each stretch without gaps is a line of its own; only the first carries the name.</summary>
    private static void Add(Plot plot, Series series)
    {
        var named = false;
        var (xs, ys) = (new List<double>(), new List<double>());
        for (var i = 0; i <= series.X.Count; i++)
        {
            if (i < series.X.Count && series.Y[i] is { } value)
            {
                xs.Add(series.X[i]);
                ys.Add(value);
                continue;
            }

            if (xs.Count > 0)
            {
                var line = plot.Add.ScatterLine(xs.ToArray(), ys.ToArray(), Color.FromHex(Palette.Of(series.Colour)));
                line.LineWidth = 2;
                if (series.Steps)
                    line.ConnectStyle = ConnectStyle.StepHorizontal;
                if (!named)
                    line.LegendText = series.Name;
                named = true;
                (xs, ys) = ([], []);
            }
        }
    }
}
