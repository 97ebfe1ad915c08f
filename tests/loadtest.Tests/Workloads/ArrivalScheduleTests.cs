using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Tests.Workloads;

public sealed class ArrivalScheduleTests
{
    private static readonly LoadShape File = WorkloadFile.Parse(["7 0 12 # a comment", "35 1"], "test");

    [Theory]
    [InlineData(nameof(ArrivalPattern.Poisson))]
    [InlineData(nameof(ArrivalPattern.Uniform))]
    [InlineData(nameof(ArrivalPattern.Burst))]
    public void Create_WorkloadFile_KeepsTheCountOfEverySecond(string pattern)
    {
        var times = ArrivalSchedule.Create(File, Enum.Parse<ArrivalPattern>(pattern), 7);
        Enumerable.Range(0, 5).Select(second => times.Count(time => (int)time == second)).ShouldBe([7, 0, 12, 35, 1]);
        times.ShouldBeInOrder();
    }

    [Fact]
    public void Create_Uniform_HasEqualGaps()
    {
        var times = ArrivalSchedule.Create(ShapeText.Constant(20, TimeSpan.FromSeconds(10)), ArrivalPattern.Uniform, 1);
        times.Length.ShouldBe(200);
        for (var i = 0; i < times.Length; i++)
            times[i].ShouldBe((i + 0.5) / 20, 1e-9);
    }

    [Fact]
    public void Create_Burst_PutsASecondsRequestsAtItsStart() =>
        ArrivalSchedule.Create(ShapeText.Constant(3, TimeSpan.FromSeconds(2)), ArrivalPattern.Burst, 1).ShouldBe([0, 0, 0, 1, 1, 1]);

    [Fact]
    public void Create_Poisson_HasExponentialGaps()
    {
        const double rate = 50;
        var times = ArrivalSchedule.Create(ShapeText.Constant(rate, TimeSpan.FromSeconds(2000)), ArrivalPattern.Poisson, 3);
        var gaps = times.Zip(times.Skip(1), (one, next) => next - one).ToArray();

        // 100,000 gaps: the standard error of the mean is 0.3%, of each share below at most 0.2%.
        gaps.Average().ShouldBe(1 / rate, 0.02 / rate);
        foreach (var quantile in new[] { 0.1, 0.5, 0.9, 0.99 })
            (gaps.Count(gap => gap <= -Math.Log(1 - quantile) / rate) / (double)gaps.Length).ShouldBe(quantile, 0.008);
    }

    [Fact]
    public void Create_Poisson_CountsPerSecondVaryAsMuchAsTheirMean()
    {
        var times = ArrivalSchedule.Create(ShapeText.Constant(20, TimeSpan.FromSeconds(5000)), ArrivalPattern.Poisson, 5);
        var counts = new double[5000];
        foreach (var time in times)
            counts[(int)time]++;
        var mean = counts.Average();
        var variance = counts.Sum(count => (count - mean) * (count - mean)) / counts.Length;
        (variance / mean).ShouldBe(1, 0.08);
    }

    [Fact]
    public void Create_PoissonRamp_FollowsTheRate()
    {
        var times = ArrivalSchedule.Create(ShapeText.Ramp("0..100", TimeSpan.FromSeconds(400)), ArrivalPattern.Poisson, 1);
        // The first half of a ramp from zero holds a quarter of the requests.
        (times.Count(time => time < 200) / (double)times.Length).ShouldBe(0.25, 0.015);
    }

    [Fact]
    public void Create_SameSeed_SameTimes_OtherSeed_Others()
    {
        var shape = ShapeText.Constant(10, TimeSpan.FromSeconds(20));
        var times = ArrivalSchedule.Create(shape, ArrivalPattern.Poisson, 1);
        ArrivalSchedule.Create(shape, ArrivalPattern.Poisson, 1).ShouldBe(times);
        ArrivalSchedule.Create(shape, ArrivalPattern.Poisson, 2).ShouldNotBe(times);
    }

    [Fact]
    public void Create_FractionalScale_LosesNoRequests()
    {
        var shape = new LoadShape(Enumerable.Repeat(new RateSegment(1, 7, 7), 100), countsAreExact: true).Scale(0.1, 0.35);
        ArrivalSchedule.Create(shape, ArrivalPattern.Poisson, 1).Length.ShouldBe((int)Math.Round(100 * 7 * 0.035));
    }
}
