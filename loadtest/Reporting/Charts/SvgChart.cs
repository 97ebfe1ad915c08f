using System.Globalization;
using System.Net;
using System.Text;

namespace Keda.Inference.LoadTest.Reporting.Charts;

/// <summary>
/// A panel as SVG for the HTML page. The browser draws the text, so the page needs no font on the machine that made it, stays small
/// and prints sharply.
/// </summary>
internal static class SvgChart
{
    private const double Width = 760, Left = 56, Right = 12, Top = 30, Bottom = 20, LabelHeight = 14;

    /// <summary>Panels over the same time, one under the other; only the last names the axis that they share.</summary>
    public static string DrawTogether(IReadOnlyList<Panel> panels, double height) =>
        string.Concat(panels.Select((panel, i) => Draw(panel, height, namesTime: i == panels.Count - 1)));

    public static string Draw(Panel panel, double height = 176, bool namesTime = true)
    {
        var svg = new StringBuilder();
        var (plotWidth, plotHeight) = (Width - Left - Right, height - Top - Bottom);
        var whole = namesTime ? height + LabelHeight : height;
        double X(double value) => Left + value / panel.XMaximum * plotWidth;
        double Y(double value) => Top + plotHeight - Math.Clamp(value / panel.YMaximum, 0, 1) * plotHeight;

        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {whole}\" role=\"img\" aria-label=\"{Escape(panel.Title)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"16\">{Escape(panel.Title)}</text>");
        foreach (var tick in Ticks.Until(panel.YMaximum, 4))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"y\" x=\"{Left - 6}\" y=\"{Y(tick) + 4:0.#}\">{Ticks.Text(tick)}</text>");
        }

        foreach (var tick in Ticks.OfSeconds(panel.XMaximum, 12))
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"x\" x=\"{X(tick):0.#}\" y=\"{height - Bottom + 14:0.#}\">{Ticks.Text(tick)}</text>");
        if (namesTime)
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"x\" x=\"{Left + plotWidth / 2:0.#}\" y=\"{whole - 4:0.#}\">{Escape(panel.XLabel)}</text>");
        foreach (var limit in panel.Limits)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"limit\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(limit.Value):0.#}\" y2=\"{Y(limit.Value):0.#}\"/>");
        }

        foreach (var series in panel.Series)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line\" stroke=\"{Palette.Of(series.Colour)}\" d=\"{Path(series, X, Y)}\"><title>{Escape(series.Name)}</title></path>");
        }

        // Over the lines, with a halo, so that they stay readable.
        foreach (var limit in panel.Limits)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"limit\" x=\"{Width - Right - 4}\" y=\"{Y(limit.Value) - 4:0.#}\">{Escape(limit.Name)}</text>");
        }

        if (panel.Series.All(series => series.Y.All(value => value is null)))
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"unknown\" x=\"{Left + plotWidth / 2}\" y=\"{Top + plotHeight / 2}\">unknown: not measured in this run</text>");
        Legend(svg, panel);
        return svg.Append("</svg>").ToString();
    }

    private static void Legend(StringBuilder svg, Panel panel)
    {
        if (panel.Series.Count < 2)
            return;
        // One line of text that ends at the right edge: its parts keep their distance in whatever font the browser has.
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"legend\" x=\"{Width - Right}\" y=\"16\">");
        foreach (var (i, series) in panel.Series.Index())
            svg.Append(CultureInfo.InvariantCulture, $"<tspan fill=\"{Palette.Of(series.Colour)}\"{(i > 0 ? " dx=\"14\"" : "")}>■</tspan><tspan dx=\"4\">{Escape(series.Name)}</tspan>");
        svg.Append("</text>");
    }

    private static string Path(Series series, Func<double, double> x, Func<double, double> y)
    {
        var path = new StringBuilder();
        var isDown = false;
        for (var i = 0; i < series.X.Count; i++)
        {
            if (series.Y[i] is not { } value)
            {
                isDown = false;
                continue;
            }

            var (left, top) = (x(series.X[i]), y(value));
            path.Append(!isDown ? FormattableString.Invariant($"M{left:0.#} {top:0.#}")
                : series.Steps ? FormattableString.Invariant($"H{left:0.#}V{top:0.#}") : FormattableString.Invariant($"L{left:0.#} {top:0.#}"));
            isDown = true;
        }

        return path.ToString();
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
