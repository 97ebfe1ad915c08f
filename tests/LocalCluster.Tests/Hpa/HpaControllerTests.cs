using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LocalCluster.Tests.Hpa;

/// <summary>The cases of Kubernetes' horizontal_test.go about bounds, several metrics and errors, re-expressed.</summary>
public class HpaControllerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("within the bounds", 4.0, 2, 1, 6, 4)]
    [InlineData("never above the maximum", 9.0, 4, 1, 6, 6)]
    [InlineData("never below the minimum", 0.0, 4, 2, 6, 2)]
    [InlineData("above the maximum is brought down whatever the metric", 9.0, 8, 1, 6, 6)]
    [InlineData("below the minimum is brought up whatever the metric", 0.0, 1, 3, 6, 3)]
    [InlineData("none is left alone", 5.0, 0, 1, 6, 0)]
    public void Compute_Bounds_Hold(string because, double value, int current, int min, int max, int expected)
    {
        var spec = new HpaSpec { MinReplicas = min, MaxReplicas = max, Behavior = HpaBehavior.Exact };
        HpaController.Compute([new ExternalAverageMetric(value, 1)], [], current, spec, new HpaState(), Now).Replicas.ShouldBe(expected, because);
    }

    [Theory]
    [InlineData("the largest proposal counts", 2.0, 5.0, 3, 5)]
    [InlineData("and so nothing is scaled in while one metric needs it", 1.0, 3.0, 3, 3)]
    [InlineData("an unreadable metric does not hinder scale-out", null, 5.0, 3, 5)]
    [InlineData("but it hinders scale-in", null, 1.0, 3, 3)]
    [InlineData("no readable metric, no change", null, null, 3, 3)]
    public void Compute_SeveralMetrics_LargestCounts(string because, double? first, double? second, int current, int expected)
    {
        var spec = new HpaSpec { MaxReplicas = 10, Behavior = HpaBehavior.Exact };
        HpaController.Compute([new ExternalAverageMetric(first, 1), new ExternalAverageMetric(second, 1)], [], current, spec, new HpaState(), Now)
            .Replicas.ShouldBe(expected, because);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(3, 6)]
    [InlineData(10, 20)]
    public void Compute_WithoutBehavior_RisesToTheDoubleOrFour(int current, int expected)
    {
        var spec = new HpaSpec { MaxReplicas = 100 };
        HpaController.Compute([new ExternalAverageMetric(90, 1)], [], current, spec, new HpaState(), Now).Replicas.ShouldBe(expected);
    }

    [Fact]
    public void Compute_WithoutBehavior_HoldsTheHighestOfFiveMinutes()
    {
        var spec = new HpaSpec { MaxReplicas = 10 };
        var state = new HpaState();
        int At(double value, int current, int second) =>
            HpaController.Compute([new ExternalAverageMetric(value, 1)], [], current, spec, state, Now.AddSeconds(second)).Replicas;

        At(6, 6, 0).ShouldBe(6);
        At(2, 6, 15).ShouldBe(6);
        At(4, 6, 150).ShouldBe(6);
        At(2, 6, 299).ShouldBe(6);
        // The six of second 0 has left the window, the four of second 150 not.
        At(2, 6, 301).ShouldBe(4);
        At(2, 4, 455).ShouldBe(2);
    }

    [Fact]
    public void Compute_FirstSync_DoesNotScaleInAtOnce()
    {
        var spec = new HpaSpec { MaxReplicas = 10, Behavior = new HpaBehavior() };
        HpaController.Compute([new ExternalAverageMetric(1, 1)], [], 8, spec, new HpaState(), Now).Replicas.ShouldBe(8);
    }
}
