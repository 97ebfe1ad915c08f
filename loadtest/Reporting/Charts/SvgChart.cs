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
    private const double Width = 760, Left = 56, Right = 12, Top = 30, Bottom = 34;

    public static string Draw(Panel panel, double height = 190)
    {
        var svg = new StringBuilder();
        var (plotWidth, plotHeight) = (Width - Left - Right, height - Top - Bottom);
        double X(double value) => Left + value / panel.XMaximum * plotWidth;
        double Y(double value) => Top + plotHeight - Math.Clamp(value / panel.YMaximum, 0, 1) * plotHeight;

        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Escape(panel.Title)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"16\">{Escape(panel.Title)}</text>");
        foreach (var tick in Ticks.Until(panel.YMaximum, 4))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"y\" x=\"{Left - 6}\" y=\"{Y(tick) + 4:0.#}\">{Ticks.Text(tick)}</text>");
        }

        foreach (var tick in Ticks.OfSeconds(panel.XMaximum, 12))
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"x\" x=\"{X(tick):0.#}\" y=\"{height - Bottom + 14:0.#}\">{Ticks.Text(tick)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"x\" x=\"{Left + plotWidth / 2:0.#}\" y=\"{height - 4:0.#}\">{Escape(panel.XLabel)}</text>");
        foreach (var limit in panel.Limits)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"limit\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(limit.Value):0.#}\" y2=\"{Y(limit.Value):0.#}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"limit\" x=\"{Width - Right - 4}\" y=\"{Y(limit.Value) - 4:0.#}\">{Escape(limit.Name)}</text>");
        }

        foreach (var series in panel.Series)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line\" stroke=\"{Palette.Of(series.Colour)}\" d=\"{Path(series, X, Y)}\"><title>{Escape(series.Name)}</title></path>");
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
        var x = Width - Right;
        foreach (var series in panel.Series.Reverse())
        {
            x -= 22 + series.Name.Length * 6.6;
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"7\" width=\"10\" height=\"10\" fill=\"{Palette.Of(series.Colour)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"legend\" x=\"{x + 14:0.#}\" y=\"16\">{Escape(series.Name)}</text>");
        }
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
