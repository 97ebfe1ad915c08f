namespace Keda.Inference.LoadTest.Saturation;

/// <summary>One rate that was tried.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="WithinSlo">Share within the SLO.</param>
/// <param name="P99Ms">From the intended send time; null when nothing was answered.</param>
/// <param name="Carried">Whether the share reached the goal.</param>
internal sealed record RateProbe(double Rate, double WithinSlo, double? P99Ms, bool Carried);

/// <param name="Highest">The highest rate that was carried; null when not even the lowest was.</param>
/// <param name="LowestFailed">The lowest rate that was not; null when every rate up to the limit was carried.</param>
/// <param name="Probes">Every rate tried, in order.</param>
internal sealed record RateSearchResult(double? Highest, double? LowestFailed, IReadOnlyList<RateProbe> Probes);

/// <summary>Finds the highest rate that still meets a goal: doubling until one fails, then bisection.</summary>
internal static class RateSearch
{
    public static async Task<RateSearchResult> FindAsync(SaturationPlan plan, Func<double, Task<RateProbe>> probe, CancellationToken cancellation)
    {
        var probes = new List<RateProbe>();
        double carried = 0;
        double? failed = null;
        var rate = Math.Min(plan.StartRate, plan.MaximumRate);
        while (failed is null ? carried < plan.MaximumRate : failed - carried > plan.Precision)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = await probe(rate);
            probes.Add(result);
            if (result.Carried)
                carried = rate;
            else
                failed = rate;
            rate = failed is { } above ? (carried + above) / 2 : Math.Min(rate * 2, plan.MaximumRate);
        }

        return new RateSearchResult(carried > 0 ? carried : null, failed, probes);
    }
}
