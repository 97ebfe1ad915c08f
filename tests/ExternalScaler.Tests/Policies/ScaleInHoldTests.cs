using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Tests.Policies;

public class ScaleInHoldTests
{
    [Theory]
    [InlineData(new long[] { }, new long[] { 10_000, 2 })]
    [InlineData(new long[] { 9_000, 5 }, new long[] { 9_000, 5, 10_000, 2 })]
    [InlineData(new long[] { 9_000, 2 }, new long[] { 10_000, 2 })] // not above the new one
    [InlineData(new long[] { 5_000, 5 }, new long[] { 10_000, 2 })] // too old
    [InlineData(new long[] { 11_000, 5 }, new long[] { 10_000, 2 })] // of the future, after the clock stepped back
    public void Add_Need_KeepsWhatStillCounts(long[] needs, long[] expected) =>
        ScaleInHold.Add(needs, at: 10_000, need: 2, holdSeconds: 5).ShouldBe(expected);
}
