using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Tests.Policies;

public class QueueDepthPolicyTests
{
    [Theory]
    [InlineData(0, 0, 1, 0, 0)]
    [InlineData(0, 2, 1, 0, 2)]
    [InlineData(3, 2, 1, 1, 5)]
    [InlineData(30, 2, 1, 1, 6)]
    [InlineData(9, 2, 4, 1, 3)]
    [InlineData(0, 0, 4, 1, 1)]
    public void Decide_QueueAndInFlight_AreSharedOut(long waiting, long inFlight, int target, int min, int expected)
    {
        var policy = PolicyFactory.Create(new QueueDepthOptions { TargetQueueLength = target });
        policy.Decide(Snapshots.Of(waiting, inFlight, min: min), Snapshots.Start).DesiredReplicas.ShouldBe(expected);
    }

    [Fact]
    public void Decide_Clamped_SaysSo()
    {
        PolicyFactory.Create(new QueueDepthOptions()).Decide(Snapshots.Of(7, 2), Snapshots.Start).Reason
            .ShouldBe("waiting 7 + in flight 2: ceil(9/1) = 9, clamped to 6");
    }
}
