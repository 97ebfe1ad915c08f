using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>The work to come, from several measurements at once.</summary>
/// <param name="Own">The queue's own arrivals.</param>
/// <param name="Dispersion">Of these.</param>
/// <param name="UpstreamRate">Arrivals a second that functions before this one will pass on; 0 without any.</param>
/// <param name="NotServedRate">Attempts a second that failed, expired or were refused: demand that comes back.</param>
/// <param name="Rate">The rate to staff for.</param>
internal sealed record Demand(ArrivalForecast Own, double Dispersion, double UpstreamRate, double NotServedRate, double Rate)
{
    public static Demand Of(ScalingSnapshot snapshot, double horizonSeconds)
    {
        var signals = snapshot.Signals;
        var counts = new ArrivalCounts(signals.Series, signals.At);
        var own = ArrivalForecast.Of(counts, horizonSeconds);
        var upstream = Upstream(snapshot, horizonSeconds);
        var notServed = NotServed(signals, horizonSeconds);
        return new Demand(own, counts.Dispersion, upstream, notServed, Math.Max(own.Ahead, upstream) + notServed);
    }

    /// <summary>What arrives upstream arrives here in the ratio in which it did so far; one to one while that is unknown.</summary>
    private static double Upstream(ScalingSnapshot snapshot, double horizonSeconds)
    {
        double passed = 0, ahead = 0;
        foreach (var upstream in snapshot.Upstream)
        {
            passed += upstream.Signals.Series.Sum(second => (double)second.Completions);
            ahead += ArrivalForecast.Of(new ArrivalCounts(upstream.Signals.Series, upstream.Signals.At), horizonSeconds).Ahead;
        }
        var ratio = passed > 0 ? snapshot.Signals.Series.Sum(second => (double)second.Arrivals) / passed : 1;
        return ahead * ratio;
    }

    private static double NotServed(QueueSignals signals, double horizonSeconds)
    {
        var seconds = Math.Min(signals.Series.Count, (int)Math.Ceiling(horizonSeconds));
        double count = 0;
        for (var i = signals.Series.Count - seconds; i < signals.Series.Count; i++)
            count += signals.Series[i].NotServed;
        return seconds > 0 ? count / seconds : 0;
    }
}
