using System.Globalization;

namespace Keda.Inference.LoadTest.Live;

/// <summary>Just enough of Prometheus' text format to read gauges.</summary>
internal static class PrometheusText
{
    /// <summary>The sum over all label sets of a metric; null where the metric is absent or not a number.</summary>
    public static double? Sum(string text, string metric)
    {
        double? sum = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(metric, StringComparison.Ordinal) || line.Length <= metric.Length || line[metric.Length] is not (' ' or '{'))
                continue;
            var rest = line[metric.Length..];
            if (rest[0] == '{')
            {
                // Label values may hold blanks and braces inside quotes; the last brace ends the labels.
                var end = rest.LastIndexOf('}');
                if (end < 0)
                    continue;
                rest = rest[(end + 1)..];
            }

            rest = rest.Trim();
            var blank = rest.IndexOf(' '); // a timestamp may follow
            if (double.TryParse(blank < 0 ? rest : rest[..blank], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
                sum = (sum ?? 0) + value;
        }

        return sum;
    }
}
