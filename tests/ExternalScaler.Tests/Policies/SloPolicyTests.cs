using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Tests.Policies;

public class SloPolicyTests
{
    private static readonly IScalingPolicy Policy = PolicyFactory.Create(new SloOptions { FastLane = true });

    [Theory]
    [InlineData(7, 0.125, 2)]
    [InlineData(36, 0.125, 6)]
    [InlineData(1, 0.125, 1)]
    [InlineData(7, 0.02, 1)]
    [InlineData(200, 0.125, 28)]
    public void Decide_SteadyLoad_StaffsItWithLittleToSpare(int rate, double service, int expected)
    {
        Decide(Enumerable.Repeat(rate, 60), service).DesiredReplicas.ShouldBeInRange(expected, expected + 1);
    }

    [Fact]
    public void Decide_ConstantLoad_NeverOscillates()
    {
        var random = new Random(1);
        int[] arrivals = [.. Enumerable.Range(0, 600).Select(_ => 36 + random.Next(-2, 3))];
        var state = ReadOnlyMemory<byte>.Empty;
        var current = 1;
        HashSet<int> seen = [];
        for (var second = 60; second < arrivals.Length; second++)
        {
            var at = Snapshots.Start.AddSeconds(second);
            var series = Snapshots.Series(arrivals[Math.Max(0, second - 179)..second], 0.125, at);
            var decision = Policy.Decide(Snapshots.Of(1, 4, current, max: 40, series: series, startups: [8], state: state, at: at), at);
            (state, current) = (decision.NextState, decision.DesiredReplicas);
            seen.Add(current);
        }
        seen.Count.ShouldBe(1, $"replicas went through {string.Join(", ", seen)}");
    }

    [Fact]
    public void Decide_StepWithinOneSecond_IsMetAtOnceAndCarriedForward()
    {
        var decision = Decide([.. Enumerable.Repeat(7, 60), 20], 0.125);
        // Twenty a second alone need four; that it came within a second says that more may follow.
        decision.DesiredReplicas.ShouldBeGreaterThan(4);
        decision.Reason.ShouldContain("rising");
        decision.ReasonCode.ShouldBe(ReasonCodes.ScaleUp);
    }

    [Fact]
    public void Decide_StepLongOver_IsNoLongerCarriedForward()
    {
        var decision = Decide([.. Enumerable.Repeat(7, 60), .. Enumerable.Repeat(20, 40)], 0.125, max: 40);
        decision.DesiredReplicas.ShouldBeInRange(4, 5);
    }

    [Fact]
    public void Decide_Ramp_IsStaffedForItsValueOneStartUpAhead()
    {
        // Five a second more every second, 100 now: with a start-up of 8 s the replicas asked for now meet about 145 a second.
        var numbers = Decide([.. Enumerable.Range(0, 20).Select(second => 5 + 5 * second)], 0.125, max: 100).Numbers;
        numbers.Single(number => number.Name == "arrivalRateAhead").Value.ShouldBeInRange(125, 160);
    }

    [Fact]
    public void Decide_SingleNoisySecond_ChangesLittle()
    {
        var random = new Random(2);
        int[] noisy = [.. Enumerable.Range(0, 100).Select(_ => 200 + random.Next(-25, 26))];
        var calm = Decide(noisy, 0.125, max: 60).DesiredReplicas;
        Decide([.. noisy, 225], 0.125, max: 60).DesiredReplicas.ShouldBeInRange(calm - 1, calm + 2);
    }

    [Fact]
    public void Decide_SlowerModel_IsSeenWithinSeconds()
    {
        var at = Snapshots.Start;
        var series = Snapshots.Series(Enumerable.Repeat(16, 100), 0.125, at);
        for (var i = series.Length - 9; i < series.Length - 1; i++)
            series[i] = series[i] with { BusySeconds = series[i].Completions * 0.4 };
        var decision = Policy.Decide(Snapshots.Of(0, 5, 3, max: 40, series: series, startups: [8], at: at), at);
        decision.Numbers.Single(number => number.Name == "serviceSeconds").Value.ShouldBe(0.4, 0.01);
        decision.DesiredReplicas.ShouldBeGreaterThanOrEqualTo(8);
    }

    [Fact]
    public void Decide_Backlog_AddsReplicas()
    {
        var calm = Decide(Enumerable.Repeat(7, 60), 0.125, waiting: 0, max: 40);
        Decide(Enumerable.Repeat(7, 60), 0.125, waiting: 400, max: 40).DesiredReplicas.ShouldBeGreaterThan(calm.DesiredReplicas + 3);
    }

    [Fact]
    public void Decide_DemandNotServed_CountsAsDemand()
    {
        var at = Snapshots.Start;
        var series = Snapshots.Series(Enumerable.Repeat(7, 60), 0.125, at);
        for (var i = series.Length - 10; i < series.Length - 1; i++)
            series[i] = series[i] with { NotServed = 20 };
        var decision = Policy.Decide(Snapshots.Of(0, 1, 2, max: 40, series: series, startups: [8], at: at), at);
        decision.DesiredReplicas.ShouldBeGreaterThan(Decide(Enumerable.Repeat(7, 60), 0.125, max: 40).DesiredReplicas);
        decision.Reason.ShouldContain("not served");
    }

    [Fact]
    public void Decide_Upstream_CountsItsArrivalsInTheRatioSeen()
    {
        var at = Snapshots.Start;
        // Two jobs here for each one upstream; upstream has just stepped to 30 a second, of which nothing has come through yet.
        var own = Snapshots.Series(Enumerable.Repeat(8, 60), 0.125, at);
        var before = Snapshots.Series([.. Enumerable.Repeat(4, 57), 30, 30, 30], 0.1, at);
        for (var i = 57; i < 60; i++)
            before[i] = before[i] with { Completions = 4 };
        var snapshot = Snapshots.Of(0, 1, 2, max: 40, series: own, startups: [8], at: at) with
        {
            Upstream = [new UpstreamQueue("detector", Snapshots.Signals(50, 2, before, [], at))],
        };
        var decision = Policy.Decide(snapshot, at);
        decision.Numbers.Single(number => number.Name == "upstreamRate").Value.ShouldBeGreaterThan(55);
        decision.DesiredReplicas.ShouldBeGreaterThan(7);
        decision.Reason.ShouldContain("upstream");
    }

    [Fact]
    public void Decide_WorkUpstream_WakesThisOne()
    {
        var snapshot = Snapshots.Of(current: 0, min: 0) with
        {
            Upstream = [new UpstreamQueue("detector", Snapshots.Signals(1, 0, [], [], Snapshots.Start))],
        };
        var decision = Policy.Decide(snapshot, Snapshots.Start);
        (decision.Active, decision.DesiredReplicas).ShouldBe((true, 1));
    }

    [Fact]
    public void Decide_LoadGone_HoldsForTheMeasuredStartUpThenScalesIn()
    {
        var at = Snapshots.Start;
        var high = Decide(Enumerable.Repeat(36, 60), 0.125);
        var state = high.NextState;
        int Later(int seconds)
        {
            var now = at.AddSeconds(seconds);
            var series = Snapshots.Series([.. Enumerable.Repeat(36, 60), .. Enumerable.Repeat(0, seconds)], 0.125, now);
            var decision = Policy.Decide(Snapshots.Of(0, 0, 6, series: series, startups: [8], state: state, at: now), now);
            state = decision.NextState;
            return decision.DesiredReplicas;
        }

        // Start-up 8 s, decisions every second: the hold is 8 + 9 s.
        Later(5).ShouldBe(6);
        Later(16).ShouldBe(6);
        Later(18).ShouldBe(1);
    }

    [Fact]
    public void Decide_NoJobEverEnded_KeepsWhatIsThere()
    {
        var at = Snapshots.Start;
        SecondCounts[] series = [new(at.ToUnixTimeSeconds() - 1, 30, 0, 0, 0), new(at.ToUnixTimeSeconds(), 0, 0, 0, 0)];
        var decision = Policy.Decide(Snapshots.Of(30, 0, 3, series: series, at: at), at);
        decision.DesiredReplicas.ShouldBe(3);
        decision.Reason.ShouldContain("no job has ended yet");
    }

    [Fact]
    public void Decide_TargetShorterThanTheJob_SaysSo()
    {
        var policy = PolicyFactory.Create(new SloOptions { TargetLatency = TimeSpan.FromMilliseconds(50) });
        var at = Snapshots.Start;
        policy.Decide(Snapshots.Of(1, 1, 2, series: Snapshots.Series(Enumerable.Repeat(7, 60), 0.125, at), startups: [8], at: at), at)
            .Reason.ShouldContain("longer than the target");
    }

    private static Decision Decide(IEnumerable<int> arrivals, double service, long waiting = 0, int max = 40)
    {
        var at = Snapshots.Start;
        return Policy.Decide(
            Snapshots.Of(waiting, 1, 2, max: max, series: Snapshots.Series(arrivals, service, at), startups: [8, 8, 8], at: at), at);
    }
}
