namespace Keda.Inference.LoadTest.Reporting.Charts;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    private static readonly double[] RoundFactors = [1, 2, 5, 10];
    private static readonly double[] ClockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

    /// <summary>From zero, at most <paramref name="most"/> steps of 1, 2 or 5 times a power of ten.</summary>
    public static IReadOnlyList<double> Until(double maximum, int most)
    {
        var rough = maximum / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = RoundFactors.Select(factor => factor * power).First(step => step >= rough * 0.999);
        return [.. Enumerable.Range(0, most + 2).Select(i => i * step).TakeWhile(value => value <= maximum * 1.0001)];
    }

    /// <summary>Seconds in steps that clocks know.</summary>
    public static IReadOnlyList<double> OfSeconds(double maximum, int most)
    {
        var step = ClockSteps.FirstOrDefault(step => step * most >= maximum);
        return step == 0 ? Until(maximum, most) : [.. Enumerable.Range(0, most + 1).Select(i => i * step).TakeWhile(value => value <= maximum * 1.0001)];
    }

    public static string Text(double value) => value >= 1_000_000 ? FormattableString.Invariant($"{value / 1000:#,0.#}k") : FormattableString.Invariant($"{value:#,0.###}");
}
