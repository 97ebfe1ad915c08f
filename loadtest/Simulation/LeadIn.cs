namespace Keda.Inference.LoadTest.Simulation;

/// <summary>
/// Traffic before the load begins, at the rate with which it begins. A load is cut out of a longer history: without this every autoscaler
/// would meet the first request with the fewest replicas, while a static choice would have all of its own ready for nothing. The lead-in
/// is simulated but not counted.
/// </summary>
/// <param name="Seconds">Its length.</param>
/// <param name="Arrivals">Send times of lead-in and load together, ascending.</param>
/// <param name="Count">How many of them belong to the lead-in.</param>
internal sealed record LeadIn(double Seconds, double[] Arrivals, int Count)
{
    /// <summary>Over how much of its beginning the load's first rate is taken, in seconds.</summary>
    private const double Beginning = 10;

    /// <summary>Puts a lead-in before a load; seconds of 0 leave it as it is.</summary>
    public static LeadIn Before(double[] arrivals, double duration, double seconds, int seed)
    {
        if (seconds <= 0 || arrivals.Length == 0)
            return new(0, arrivals, 0);
        var beginning = Math.Min(Beginning, duration);
        var rate = arrivals.Count(at => at < beginning) / beginning;
        var random = new Random(seed);
        List<double> all = [];
        for (var at = Step(random, rate); at < seconds; at += Step(random, rate))
            all.Add(at);
        var count = all.Count;
        all.AddRange(arrivals.Select(at => at + seconds));
        return new(seconds, [.. all], count);
    }

    private static double Step(Random random, double rate) =>
        rate > 0 ? -Math.Log(1 - random.NextDouble()) / rate : double.PositiveInfinity;
}
