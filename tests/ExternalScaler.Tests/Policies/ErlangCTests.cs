using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Tests.Policies;

public class ErlangCTests
{
    // Worked by hand from C(n,a) = (aⁿ/n!)(n/(n−a)) / (Σ aᵏ/k! + (aⁿ/n!)(n/(n−a))).
    [Theory]
    [InlineData(1, 0.5, 0.5)]
    [InlineData(2, 1, 1 / 3.0)]
    [InlineData(3, 2, 4 / 9.0)]
    [InlineData(2, 2, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(5, 0, 0)]
    public void WaitProbability_KnownCases_AreExact(int servers, double load, double expected)
    {
        ErlangC.WaitProbability(servers, load).ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void WaitProbability_ManyServers_NeitherOverflowsNorLeavesTheUnitInterval()
    {
        ErlangC.WaitProbability(5000, 4900).ShouldBeInRange(0.01, 0.99);
    }
}
