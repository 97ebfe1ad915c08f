using System.Globalization;
using System.Text.RegularExpressions;
using HdrHistogram;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Measuring;

/// <param name="Expression">As the user wrote it.</param>
/// <param name="Met">Whether it held; a value that is unknown meets nothing.</param>
/// <param name="Actual">What was measured, in the expression's unit.</param>
internal sealed record ThresholdResult(string Expression, bool Met, string Actual);

/// <summary>A condition on a run's result, such as <c>p99&lt;500ms</c> or <c>ok&gt;99.9%</c>.</summary>
internal sealed partial class Threshold
{
    public const string Form = "METRIC<VALUE with p50…p99.99, mean, max or lag (a duration: p99<500ms), "
        + "ok, within-slo, late, rejected, timeout, error, wrong, top1 or top5 (a share: ok>99.9%, or a count: error<5), or rate (rate>20)";

    private static readonly string[] Latencies = ["mean", "max", "lag"];
    private static readonly string[] Shares = ["ok", "within-slo", "late", "rejected", "timeout", "error", "wrong", "top1", "top5"];

    private readonly string _metric;
    private readonly string _operator;
    private readonly double _value;
    private readonly Unit _unit;

    private Threshold(string expression, string metric, string comparison, double value, Unit unit) =>
        (Expression, _metric, _operator, _value, _unit) = (expression, metric, comparison, value, unit);

    private enum Unit
    {
        Milliseconds,
        Percent,
        Number,
    }

    public string Expression { get; }

    public static Threshold Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            throw Wrong(text, $"expected {Form}");
        var metric = match.Groups["metric"].Value.ToLowerInvariant();
        var value = match.Groups["value"].Value;
        var comparison = match.Groups["operator"].Value;
        if (IsLatency(metric))
        {
            return !char.IsAsciiDigit(value[^1]) && Durations.TryParse(value, out var duration)
                ? new Threshold(text, metric, comparison, duration.TotalMilliseconds, Unit.Milliseconds)
                : throw Wrong(text, $"{metric} is compared with a duration, such as {metric}<500ms");
        }

        var isShare = Shares.Contains(metric);
        if (!isShare && metric != "rate")
            throw Wrong(text, $"there is no metric '{metric}'; expected {Form}");
        var percent = value.EndsWith('%');
        if (!double.TryParse(percent ? value[..^1] : value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !(number >= 0) || !double.IsFinite(number))
            throw Wrong(text, isShare ? $"{metric} is compared with a share or a count, such as {metric}>99% or {metric}<5" : "rate is compared with a number of requests per second, such as rate>20");
        if (percent && (!isShare || number > 100))
            throw Wrong(text, isShare ? "a share is at most 100%" : "rate is compared with a number of requests per second, such as rate>20");
        if (!percent && metric is "top1" or "top5")
            throw Wrong(text, $"{metric} is compared with a share, such as {metric}>70%");
        // As a count, ok>0.999 would hold for every run with one answer: who writes it means a share.
        if (!percent && isShare && !double.IsInteger(number))
        {
            var share = Math.Min(100, number < 1 ? number * 100 : number).ToString("0.######", CultureInfo.InvariantCulture);
            throw Wrong(text, $"without % it is a count, which is whole; a share is given in percent, such as {metric}{comparison}{share}%");
        }

        return new Threshold(text, metric, comparison, number, percent ? Unit.Percent : Unit.Number);
    }

    public ThresholdResult Check(RunSummary summary, HistogramBase latency)
    {
        var actual = Measure(summary, latency);
        var met = actual is { } known && _operator switch
        {
            "<" => known < _value,
            "<=" => known <= _value,
            ">" => known > _value,
            _ => known >= _value,
        };
        return new ThresholdResult(Expression, met, actual is { } shown ? Show(shown) : "unknown");
    }

    private string Show(double value) => _unit switch
    {
        Unit.Milliseconds => $"{value:0.##}ms",
        Unit.Percent => $"{value:0.###}%",
        _ => $"{value:0.##}",
    };

    private double? Measure(RunSummary summary, HistogramBase latency) => _metric switch
    {
        "mean" => summary.Latency?.MeanMs,
        "max" => summary.Latency?.MaxMs,
        "lag" => summary.Generator.LagP99Ms,
        "rate" => summary.OkPerSecond,
        "top1" => summary.Accuracy?.Top1 * 100,
        "top5" => summary.Accuracy?.Top5 * 100,
        _ when _unit == Unit.Milliseconds => latency.PercentileMs(double.Parse(_metric.AsSpan(1), CultureInfo.InvariantCulture)),
        _ when summary.Total == 0 => null,
        _ => Count(summary.Outcomes) * (_unit == Unit.Percent ? 100.0 / summary.Total : 1),
    };

    private int Count(OutcomeCounts outcomes) => _metric switch
    {
        "ok" => outcomes.Ok,
        "within-slo" => outcomes.OkWithinSlo,
        "late" => outcomes.Late,
        "rejected" => outcomes.Rejected,
        "timeout" => outcomes.Timeout,
        "error" => outcomes.Error,
        _ => outcomes.WrongAnswer,
    };

    private static bool IsLatency(string metric) =>
        Latencies.Contains(metric)
        || (metric[0] == 'p' && double.TryParse(metric.AsSpan(1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100);

    private static UsageException Wrong(string text, string why) => new($"--threshold '{text}': {why}.");

    [GeneratedRegex("^\\s*(?<metric>[A-Za-z][A-Za-z0-9.-]*)\\s*(?<operator><=|>=|<|>)\\s*(?<value>[0-9.]+\\s*[a-z%]*)\\s*$")]
    private static partial Regex Pattern();
}
