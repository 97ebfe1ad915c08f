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

    /// <summary>Seconds, jobs waiting and the number wanted, by the fast lane.</summary>
    [Fact]
    public void Decide_FastLane_StandsByABurstUntilTheHpaHasSeenIt()
    {
        var policy = PolicyFactory.Create(new QueueDepthOptions { FastLane = true });
        var state = ReadOnlyMemory<byte>.Empty;
        foreach (var (second, waiting, desired) in new[] { (0, 1, 1), (2, 5, 5), (3, 0, 5), (15, 0, 5), (21, 2, 5), (23, 0, 2), (42, 0, 1) })
        {
            var decision = policy.Decide(Snapshots.Of(waiting, state: state), Snapshots.Start.AddSeconds(second));
            decision.DesiredReplicas.ShouldBe(desired, $"second {second}: {decision.Reason}");
            state = decision.NextState;
        }
    }

    [Fact]
    public void Decide_FastLaneHolding_SaysSo()
    {
        var policy = PolicyFactory.Create(new QueueDepthOptions { FastLane = true });
        var burst = policy.Decide(Snapshots.Of(5), Snapshots.Start);
        policy.Decide(Snapshots.Of(0, state: burst.NextState), Snapshots.Start.AddSeconds(1)).Reason
            .ShouldBe("waiting 0 + in flight 0: ceil(0/1) = 0, clamped to 1; holding 5 for the HPA to see");
    }
}
