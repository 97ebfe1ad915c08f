namespace Keda.Inference.LoadTest.Workloads;

/// <summary>A load, from which each seed draws its own send times.</summary>
/// <param name="Name">For headings: the file's name or the short form.</param>
internal abstract record Workload(string Name)
{
    /// <summary>Length in seconds.</summary>
    public abstract double Seconds { get; }

    /// <summary>Send times in seconds from the start, ascending; the same seed gives the same times.</summary>
    public abstract double[] Schedule(int seed);
}

/// <summary>A load given as a rate over time.</summary>
internal sealed record ShapedWorkload(string Name, LoadShape Shape, ArrivalPattern Arrivals) : Workload(Name)
{
    public override double Seconds => Shape.Seconds;

    public override double[] Schedule(int seed) => ArrivalSchedule.Create(Shape, Arrivals, seed);
}

/// <summary>A load given as recorded times.</summary>
/// <param name="Name">For headings.</param>
/// <param name="Times">Seconds from the first request, ascending.</param>
/// <param name="TimeScale">Factor on the times.</param>
/// <param name="RateScale">How often each request is sent; the fraction is drawn at random.</param>
/// <param name="Duration">Cut after scaling.</param>
internal sealed record TraceWorkload(string Name, double[] Times, double TimeScale, double RateScale, TimeSpan? Duration) : Workload(Name)
{
    public override double Seconds => Duration?.TotalSeconds ?? Times[^1] * TimeScale;

    public override double[] Schedule(int seed)
    {
        var random = new Random(seed);
        var times = new List<double>();
        foreach (var time in Times.Select(time => time * TimeScale).TakeWhile(time => time <= Seconds))
        {
            var copies = (int)RateScale + (random.NextDouble() < RateScale - Math.Floor(RateScale) ? 1 : 0);
            times.AddRange(Enumerable.Repeat(time, copies));
        }

        return [.. times];
    }
}
