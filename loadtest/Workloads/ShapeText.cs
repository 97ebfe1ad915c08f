using System.Globalization;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Workloads;

/// <summary>The short forms of a load on the command line.</summary>
internal static class ShapeText
{
    public const string RampForm = "FROM..TO in requests per second, such as 5..50";
    public const string StepForm = "RATE:DURATION,… such as 7:60s,35:2m,7:60s";
    public const string SineForm = "MEAN,AMPLITUDE,PERIOD such as 20,15,60s, the amplitude at most the mean";

    private const int SegmentsPerPeriod = 120;

    public static LoadShape Constant(double rate, TimeSpan duration) => new([new RateSegment(duration.TotalSeconds, rate, rate)]);

    public static LoadShape Ramp(string text, TimeSpan duration)
    {
        var parts = text.Split("..");
        return parts.Length == 2 && TryRate(parts[0], out var from) && TryRate(parts[1], out var to) && from + to > 0
            ? new LoadShape([new RateSegment(duration.TotalSeconds, from, to)])
            : throw new UsageException($"--ramp: '{text}' is not {RampForm}.");
    }

    public static LoadShape Steps(string text)
    {
        var segments = new List<RateSegment>();
        foreach (var step in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = step.Split(':');
            if (parts.Length != 2 || !TryRate(parts[0], out var rate) || !Durations.TryParse(parts[1], out var duration) || duration <= TimeSpan.Zero)
                throw new UsageException($"--step: '{step}' is not {StepForm}.");
            segments.Add(new RateSegment(duration.TotalSeconds, rate, rate));
        }

        return segments.Sum(segment => segment.Requests) > 0
            ? new LoadShape(segments)
            : throw new UsageException($"--step: '{text}' sends nothing; expected {StepForm}.");
    }

    public static LoadShape Sine(string text, TimeSpan duration)
    {
        var parts = text.Split(',');
        if (parts.Length != 3 || !TryRate(parts[0], out var mean) || !TryRate(parts[1], out var amplitude) || mean <= 0 || amplitude > mean
            || !Durations.TryParse(parts[2], out var period) || period <= TimeSpan.Zero)
            throw new UsageException($"--sine: '{text}' is not {SineForm}.");
        var step = period.TotalSeconds / SegmentsPerPeriod;
        var count = (int)Math.Ceiling(duration.TotalSeconds / step);
        double RateAt(int i) => mean + amplitude * Math.Sin(2 * Math.PI * i / SegmentsPerPeriod);
        return new LoadShape(Enumerable.Range(0, count).Select(i => new RateSegment(step, RateAt(i), RateAt(i + 1)))).First(duration.TotalSeconds);
    }

    private static bool TryRate(string text, out double rate) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && rate is >= 0 and <= 1_000_000;
}
