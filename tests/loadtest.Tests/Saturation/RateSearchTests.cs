using Keda.Inference.LoadTest.Saturation;

namespace Keda.Inference.LoadTest.Tests.Saturation;

public sealed class RateSearchTests
{
    [Theory]
    [InlineData(18.3)]
    [InlineData(4.1)]
    [InlineData(0.7)]
    [InlineData(97)]
    public async Task Find_CapacityKnown_EnclosesItWithinThePrecision(double capacity)
    {
        var result = await FindAsync(capacity);
        result.Highest.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(capacity);
        result.LowestFailed.ShouldNotBeNull().ShouldBeGreaterThan(capacity);
        (result.LowestFailed - result.Highest).Value.ShouldBeLessThanOrEqualTo(0.5);
    }

    [Fact]
    public async Task Find_NothingCarried_KnowsNoHighestRate()
    {
        var result = await FindAsync(capacity: 0);
        result.Highest.ShouldBeNull();
        result.LowestFailed.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(0.5);
    }

    [Fact]
    public async Task Find_EverythingCarried_StopsAtTheLimit()
    {
        var result = await FindAsync(capacity: 1e9);
        result.Highest.ShouldBe(100);
        result.LowestFailed.ShouldBeNull();
        result.Probes.Select(probe => probe.Rate).ShouldBe([4, 8, 16, 32, 64, 100]);
    }

    private static Task<RateSearchResult> FindAsync(double capacity) => RateSearch.FindAsync(
        new SaturationPlan { Rates = [], Durations = [1], MaximumRate = 100 },
        rate => Task.FromResult(new RateProbe(rate, rate <= capacity ? 1 : 0.5, 100, rate <= capacity)),
        TestContext.Current.CancellationToken);
}
