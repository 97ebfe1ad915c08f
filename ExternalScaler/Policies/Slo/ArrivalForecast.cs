namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>The arrival rate to staff for.</summary>
/// <param name="Rate">The rate now, per second.</param>
/// <param name="Ahead">The rate at the horizon: the present one, or a rise carried forward.</param>
/// <param name="RiseSeconds">Over how long a rise was seen; 0 without one.</param>
internal readonly record struct ArrivalForecast(double Rate, double Ahead, double RiseSeconds)
{
    /// <summary>A window shorter than this says too little about a rate, however many arrivals it has.</summary>
    private const double ShortestSeconds = 0.25;

    /// <summary>By how many standard errors a short window's rate is discounted against a longer one's.</summary>
    private const double Caution = 0.6;

    /// <summary>How many standard errors make a rise: the usual three.</summary>
    private const double Significance = 3;

    /// <summary>The baseline of a rise that is at most this old is as long as this, in seconds.</summary>
    private const int ShortBaseline = 4;

    /// <param name="counts">The arrivals.</param>
    /// <param name="horizon">How far ahead, in seconds: one start-up and one decision.</param>
    public static ArrivalForecast Of(ArrivalCounts counts, double horizon)
    {
        if (counts.Complete == 0)
        {
            var first = counts.Recent(0) / Math.Max(counts.Fraction, ShortestSeconds);
            return new(first, first, 0);
        }
        var rate = Level(counts);
        var (ahead, rise) = Rise(counts, horizon);
        return ahead > rate ? new(rate, ahead, rise) : new(rate, rate, 0);
    }

    /// <summary>
    /// The highest lower confidence bound over all windows since the rate last fell: a long window wins in steady noise, a short one as
    /// soon as its excess is worth more than its error.
    /// </summary>
    private static double Level(ArrivalCounts counts)
    {
        double level = 0;
        var longest = SinceFall(counts);
        for (var seconds = 1; seconds <= longest; seconds++)
        {
            var (count, length) = (counts.Recent(seconds), counts.Fraction + seconds);
            level = Math.Max(level, (count - Caution * Math.Sqrt(counts.Dispersion * count)) / length);
        }
        return level;
    }

    /// <summary>For how many seconds back the rate has not been significantly higher than since, by comparing neighbouring windows.</summary>
    private static int SinceFall(ArrivalCounts counts)
    {
        for (var seconds = 1; 2 * seconds <= counts.Complete; seconds++)
        {
            var (recent, before, length) = (counts.Recent(seconds), counts.Before(seconds, seconds), counts.Fraction + seconds);
            var pooled = (recent + before) / (length + seconds);
            var error = Math.Sqrt(pooled * counts.Dispersion * (1 / length + 1.0 / seconds));
            if (error > 0 && before / seconds - recent / length > Significance * error)
                return seconds;
        }
        return counts.Complete;
    }

    /// <summary>
    /// Looks for a rise at every time scale: the arrivals of a recent window against those just before it, the window doubling from the
    /// current second. A rise is carried forward for as long as it has lasted, at most to the horizon; a step that has come to rest is not.
    /// </summary>
    private static (double Ahead, double Seconds) Rise(ArrivalCounts counts, double horizon)
    {
        var best = (Ahead: 0.0, Seconds: 0.0);
        for (var whole = 0; whole < counts.Complete; whole = whole == 0 ? 1 : 2 * whole)
        {
            var length = counts.Fraction + whole;
            if (length < ShortestSeconds)
                continue;
            var young = length < 2;
            var baseline = Math.Min(young ? ShortBaseline : (int)Math.Round(length), counts.Complete - whole);
            if (baseline < length - 1)
                break;
            var (recent, before) = (counts.Recent(whole), counts.Before(whole, baseline));
            var pooled = (recent + before) / (length + baseline);
            var error = Math.Sqrt(pooled * (counts.DispersionOver(length) / length + counts.Dispersion / baseline));
            var rise = recent / length - before / baseline;
            if (error == 0 || rise <= Significance * error)
                continue;
            var ahead = young
                ? recent / length + rise * Math.Min(1, horizon / length)
                : CarryForward(counts, whole, length, rise, horizon);
            if (ahead > best.Ahead)
                best = (ahead, length);
        }
        return best;
    }

    /// <summary>The slope is that between the halves of the window itself: nothing when the rise is over, the whole of it on a ramp.</summary>
    private static double CarryForward(ArrivalCounts counts, int whole, double length, double rise, double horizon)
    {
        var half = whole / 2;
        var (newest, newestLength) = (counts.Recent(half), counts.Fraction + half);
        var level = newest / newestLength;
        var within = Math.Clamp(2 * (level - counts.Before(half, whole - half) / (whole - half)), 0, rise);
        return level + within / length * (newestLength / 2 + Math.Min(horizon, length));
    }
}
