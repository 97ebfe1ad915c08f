using CsCheck;
using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Tests.Policies;

public class QueueProportionalPolicyTests
{
    private static readonly IScalingPolicy Policy = PolicyFactory.Create(new QueueProportionalOptions());

    [Theory]
    [InlineData(0, 3, 1, 6, 1, "queue 0: the minimum 1")]
    [InlineData(1, 3, 1, 6, 1, "queue 1 ≤ 50: ceil(3 × 1/50) = 1")]
    [InlineData(17, 3, 1, 6, 2, "queue 17 ≤ 50: ceil(3 × 17/50) = 2")]
    [InlineData(50, 3, 1, 6, 3, "queue 50 ≤ 50: ceil(3 × 50/50) = 3")]
    [InlineData(51, 3, 1, 6, 4, "queue 51 > 50: ceil(3 × 51/50) = 4")]
    [InlineData(120, 2, 1, 6, 5, "queue 120 > 50: ceil(2 × 120/50) = 5")]
    [InlineData(120, 2, 1, 4, 4, "queue 120 > 50: ceil(2 × 120/50) = 5, clamped to 4")]
    [InlineData(10, 5, 3, 6, 3, "queue 10 ≤ 50: ceil(5 × 10/50) = 1, clamped to 3")]
    [InlineData(1000, 6, 1, 6, 6, "queue 1000 > 50: ceil(6 × 1000/50) = 120, clamped to 6")]
    [InlineData(1, 0, 0, 6, 1, "queue 1, in flight 0 and no replica: 1")]
    [InlineData(0, 0, 0, 6, 0, "queue 0 and no replica: 0")]
    public void Decide_FirstTime_AppliesTheFormula(long queue, int current, int min, int max, int expected, string reason)
    {
        var decision = Policy.Decide(Snapshots.Of(queue, current: current, min: min, max: max), Snapshots.Start);
        decision.DesiredReplicas.ShouldBe(expected);
        decision.Reason.ShouldBe(reason);
    }

    /// <summary>A run by hand: second, queue, replicas (all ready unless said), expected number and cause.</summary>
    [Fact]
    public void Decide_OverTime_FollowsTheTable()
    {
        (int Second, long Queue, int Current, int Ready, int Desired, string Code)[] table =
        [
            (0, 0, 1, 1, 1, ReasonCodes.Steady),
            (5, 300, 1, 1, 1, ReasonCodes.BetweenPolls),
            (15, 120, 1, 1, 3, ReasonCodes.ScaleUp),
            // The HPA has not read it yet, and asking again does not decide again.
            (15, 120, 1, 1, 3, ReasonCodes.BetweenPolls),
            (20, 300, 3, 1, 3, ReasonCodes.BetweenPolls),
            (30, 300, 3, 3, 3, ReasonCodes.Cooldown),
            (150, 300, 3, 3, 3, ReasonCodes.Cooldown),
            // 150 s after the change of second 15, but a replica is not ready.
            (165, 60, 3, 2, 3, ReasonCodes.NotReady),
            (180, 60, 3, 3, 4, ReasonCodes.ScaleUp),
            // Cooldown until second 330; the small queue of then drops it at once.
            (315, 2, 4, 4, 4, ReasonCodes.Cooldown),
            (330, 2, 4, 4, 1, ReasonCodes.ScaleDown),
        ];
        var state = ReadOnlyMemory<byte>.Empty;
        foreach (var (second, queue, current, ready, desired, code) in table)
        {
            var decision = Policy.Decide(Snapshots.Of(queue, current: current, ready: ready, state: state), Snapshots.Start.AddSeconds(second));
            decision.DesiredReplicas.ShouldBe(desired, $"second {second}: {decision.Reason}");
            decision.ReasonCode.ShouldBe(code, $"second {second}: {decision.Reason}");
            state = decision.NextState;
        }
    }

    [Fact]
    public void Decide_ClockSteppedBack_IsHeldUpByNothingOfTheFuture()
    {
        // A failover to a server whose clock is an hour behind.
        var first = Policy.Decide(Snapshots.Of(120, current: 1), Snapshots.Start);
        first.ReasonCode.ShouldBe(ReasonCodes.ScaleUp);

        var second = Policy.Decide(Snapshots.Of(120, current: 3, state: first.NextState), Snapshots.Start.AddHours(-1));

        (second.DesiredReplicas, second.ReasonCode).ShouldBe((6, ReasonCodes.ScaleUp));
    }

    [Fact]
    public void Decide_DuringCooldown_SaysSoInOneSentence()
    {
        var policy = PolicyFactory.Create(new QueueProportionalOptions { Poll = TimeSpan.Zero });
        var first = policy.Decide(Snapshots.Of(60, current: 1), Snapshots.Start);
        var second = policy.Decide(Snapshots.Of(120, current: 2, max: 4, state: first.NextState), Snapshots.Start.AddSeconds(58));
        second.Reason.ShouldBe("queue 120 > 50: ceil(2 × 120/50) = 5, clamped to 4; cooldown 92 s left, holding 2");
    }

    [Fact]
    public void Decide_EvaluationWithoutChange_StartsNoCooldown()
    {
        var first = Policy.Decide(Snapshots.Of(50, current: 2), Snapshots.Start);
        Policy.Decide(Snapshots.Of(100, current: 2, state: first.NextState), Snapshots.Start.AddSeconds(15)).DesiredReplicas.ShouldBe(4);
    }

    [Fact]
    public void Decide_InFlightOnly_IsActive()
    {
        Policy.Decide(Snapshots.Of(0, inFlight: 1), Snapshots.Start).Active.ShouldBeTrue();
        Policy.Decide(Snapshots.Of(0), Snapshots.Start).Active.ShouldBeFalse();
    }

    [Fact]
    public void Decide_ActivationLength_IsExceededNotReached()
    {
        var policy = PolicyFactory.Create(new QueueProportionalOptions { ActivationQueueLength = 5 });
        policy.Decide(Snapshots.Of(5), Snapshots.Start).Active.ShouldBeFalse();
        policy.Decide(Snapshots.Of(6), Snapshots.Start).Active.ShouldBeTrue();
    }

    [Theory]
    [InlineData("slo\n{}")]
    [InlineData("queue-proportional\nnot json")]
    [InlineData("queue-proportional")]
    [InlineData("\n")]
    public void Decide_ForeignOrBrokenState_StartsAfresh(string state)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(state);
        Policy.Decide(Snapshots.Of(120, current: 2, state: bytes), Snapshots.Start).DesiredReplicas.ShouldBe(5);
    }

    [Fact]
    public void Decide_WithinTheCooldown_NeverChanges()
    {
        Gen.Select(Gen.Int[1, 6], Gen.Long[0, 500], Gen.Select(Gen.Int[0, 149], Gen.Long[0, 500]).Array[1, 20]).Sample((current, queue, later) =>
        {
            var policy = PolicyFactory.Create(new QueueProportionalOptions { Poll = TimeSpan.Zero });
            var first = policy.Decide(Snapshots.Of(queue, current: current), Snapshots.Start);
            if (first.DesiredReplicas == current)
                return true;
            var state = first.NextState;
            foreach (var (second, length) in later.OrderBy(pair => pair.Item1))
            {
                var decision = policy.Decide(
                    Snapshots.Of(length, current: first.DesiredReplicas, state: state), Snapshots.Start.AddSeconds(second));
                if (decision.DesiredReplicas != first.DesiredReplicas)
                    return false;
                state = decision.NextState;
            }
            return true;
        });
    }
}
