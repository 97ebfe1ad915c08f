namespace Keda.Inference.LoadTest.Reporting.Charts;

/// <summary>A line of a chart; gaps where the value is unknown.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="X">Ascending.</param>
/// <param name="Y">Null leaves a gap.</param>
/// <param name="Colour">Index into <see cref="Palette"/>.</param>
/// <param name="Steps">Holds each value until the next, as replicas do.</param>
internal sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double?> Y, int Colour, bool Steps = false);

/// <summary>A horizontal line that something is held against.</summary>
internal sealed record Limit(double Value, string Name);

/// <summary>One chart: what is drawn, not how.</summary>
internal sealed record Panel
{
    public required string Title { get; init; }

    public required string XLabel { get; init; }

    public required IReadOnlyList<Series> Series { get; init; }

    public required double XMaximum { get; init; }

    public IReadOnlyList<Limit> Limits { get; init; } = [];

    /// <summary>The vertical axis reaches at least so far.</summary>
    public double YAtLeast { get; init; } = 1;

    /// <summary>Larger values are cut off at this; null for none.</summary>
    public double? YAtMost { get; init; }

    public double YMaximum
    {
        get
        {
            var highest = Math.Max(YAtLeast, Math.Max(
                Series.SelectMany(series => series.Y).Max() ?? 0, Limits.Select(limit => limit.Value).DefaultIfEmpty().Max()));
            return Math.Min(highest, YAtMost ?? double.MaxValue) * 1.05;
        }
    }
}

/// <summary>Colours that stay apart in print and for most colour-blind eyes (Okabe and Ito).</summary>
internal static class Palette
{
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#444444"];

    public static string Of(int index) => Colours[index % Colours.Length];
}
