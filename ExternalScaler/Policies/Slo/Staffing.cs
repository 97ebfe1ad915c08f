namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>How many replicas a rate needs.</summary>
internal static class Staffing
{
    /// <summary>
    /// A p99 target allows one late request in a hundred; a third of that is spent on waiting in steady noise, the rest is left for what no
    /// forecast sees.
    /// </summary>
    private const double AllowedLate = 0.01 / 3;

    /// <summary>
    /// The fewest replicas with which waiting makes at most the allowed share of requests late: the wait's tail (<see cref="ErlangC"/>)
    /// beyond what the target leaves, averaged over likely service times. A job that alone takes longer than the target is late whatever is
    /// done and does not count. The result is at least ⌈load⌉ and comes out close to load + β√load (square-root staffing, Halfin and Whitt
    /// 1981) without being told β.
    /// </summary>
    /// <param name="arrivalRate">λ, per second.</param>
    /// <param name="service">The service times.</param>
    /// <param name="dispersion">Of the arrivals.</param>
    /// <param name="targetSeconds">The latency target.</param>
    /// <param name="limit">No more than this are looked at.</param>
    public static int Replicas(double arrivalRate, ServiceEstimate service, double dispersion, double targetSeconds, int limit)
    {
        if (arrivalRate <= 0)
            return 0;
        var rate = 1 / service.MeanSeconds;
        // Arrivals more even than Poisson from second to second may still come in bunches within one.
        var variability = (Math.Max(1, dispersion) + service.Cv * service.Cv) / 2;
        var times = service.LikelySeconds();
        var (low, high) = ((int)Math.Min(limit, Math.Max(1, Math.Ceiling(arrivalRate / rate))), limit);
        // The tail falls with every replica, so the search may halve.
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (LateByWaiting(middle, arrivalRate, rate, variability, times, targetSeconds) > AllowedLate)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static double LateByWaiting(
        int replicas, double arrivalRate, double serviceRate, double variability, double[] times, double targetSeconds)
    {
        var waits = ErlangC.WaitProbability(replicas, arrivalRate / serviceRate);
        var decay = ErlangC.WaitDecay(replicas, arrivalRate, serviceRate, variability);
        double late = 0;
        foreach (var seconds in times)
        {
            if (seconds < targetSeconds)
                late += Math.Exp(-decay * (targetSeconds - seconds));
        }
        return waits * late / times.Length;
    }

    /// <summary>
    /// More replicas for what waits beyond what the others can end within the slack, so that it is gone by the time that replicas asked for
    /// now have been ready for one more horizon.
    /// </summary>
    public static double ForBacklog(double jobs, int replicas, ServiceEstimate service, double slackSeconds, double horizonSeconds) =>
        Math.Max(0, jobs - replicas * slackSeconds / service.MeanSeconds) * service.MeanSeconds / Math.Max(horizonSeconds, service.MeanSeconds);
}
