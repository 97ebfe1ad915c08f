namespace Keda.Inference.LoadTest.Workloads;

/// <summary>Send times fixed in advance: the open loop that a slow service cannot slow down.</summary>
internal static class ArrivalSchedule
{
    /// <summary>Seconds from the start, ascending. The same shape, pattern and seed give the same times, everywhere.</summary>
    public static double[] Create(LoadShape shape, ArrivalPattern pattern, int seed) => pattern switch
    {
        ArrivalPattern.Uniform => Uniform(shape),
        ArrivalPattern.Burst => PerSecond(shape, (start, _, count) => Enumerable.Repeat(start, count)),
        ArrivalPattern.Poisson when shape.CountsAreExact => GivenCounts(shape, new Random(seed)),
        _ => Poisson(shape, new Random(seed)),
    };

    /// <summary>The k-th request stands in the middle of its share, so that a second with n requests has exactly n.</summary>
    private static double[] Uniform(LoadShape shape)
    {
        var times = new double[(int)Math.Round(shape.Requests)];
        for (var i = 0; i < times.Length; i++)
            times[i] = shape.TimeOf(i + 0.5);
        return times;
    }

    /// <summary>A Poisson process whose rate follows the shape: exponential steps in expected requests, mapped to time.</summary>
    private static double[] Poisson(LoadShape shape, Random random)
    {
        var times = new List<double>((int)shape.Requests + 16);
        for (var expected = Exponential(random); expected < shape.Requests; expected += Exponential(random))
            times.Add(shape.TimeOf(expected));
        return [.. times];
    }

    /// <summary>A Poisson process given the count of each second: that many moments at random within it.</summary>
    private static double[] GivenCounts(LoadShape shape, Random random) => PerSecond(shape, (start, end, count) =>
    {
        var (from, to) = (shape.RequestsUntil(start), shape.RequestsUntil(end));
        var times = new double[count];
        for (var i = 0; i < count; i++)
            times[i] = shape.TimeOf(from + random.NextDouble() * (to - from));
        Array.Sort(times);
        return times;
    });

    private static double[] PerSecond(LoadShape shape, Func<double, double, int, IEnumerable<double>> place)
    {
        var times = new List<double>((int)shape.Requests + 1);
        var sent = 0;
        for (var start = 0.0; start < shape.Seconds; start++)
        {
            var end = Math.Min(start + 1, shape.Seconds);
            // Rounded on the running total, so that fractions left by --rate-scale are neither lost nor added up.
            var due = (int)Math.Floor(shape.RequestsUntil(end) + 0.5);
            times.AddRange(place(start, end, due - sent));
            sent = due;
        }

        return [.. times];
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());
}
