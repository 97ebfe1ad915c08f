using CsCheck;
using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Tests.Policies;

/// <summary>What holds for every policy.</summary>
public class PolicyPropertyTests
{
    public static TheoryData<string> Names => [.. PolicyFactory.Names];

    private static readonly Gen<(int[] Arrivals, int Service, long Waiting, long InFlight, int Current)> Situations =
        Gen.Select(Gen.Int[0, 60].Array[0, 179], Gen.Int[5, 800], Gen.Long[0, 2000], Gen.Long[0, 50], Gen.Int[0, 12]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_Always_StaysWithinTheBounds(string name)
    {
        Gen.Select(Situations, Gen.Int[0, 5], Gen.Int[1, 20]).Sample((situation, min, more) =>
        {
            var decision = Decide(name, situation, situation.Waiting, min, min + more);
            return decision.DesiredReplicas >= min && decision.DesiredReplicas <= min + more;
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_LongerQueue_NeverWantsFewer(string name)
    {
        Gen.Select(Situations, Gen.Long[0, 2000]).Sample((situation, more) =>
            Decide(name, situation, situation.Waiting + more, 1, 20).DesiredReplicas >= Decide(name, situation, situation.Waiting, 1, 20).DesiredReplicas);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_AskedTwice_DecidesOnce(string name)
    {
        Situations.Sample(situation =>
        {
            var policy = Create(name);
            var at = Snapshots.Start.AddMilliseconds(300);
            var snapshot = Snapshot(situation, situation.Waiting, 1, 20);
            var first = policy.Decide(snapshot, at);
            var again = policy.Decide(snapshot with { State = first.NextState }, at.AddMilliseconds(5));
            return again.DesiredReplicas == first.DesiredReplicas && again.Active == first.Active;
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_Work_IsActive(string name)
    {
        Situations.Sample(situation => Decide(name, situation, situation.Waiting, 0, 5).Active == situation.Waiting + situation.InFlight > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_EveryNumber_IsFiniteAndEveryReasonKnown(string name)
    {
        Situations.Sample(situation =>
        {
            var decision = Decide(name, situation, situation.Waiting, 0, 10);
            return decision.Numbers.All(number => double.IsFinite(number.Value)) && ReasonCodes.All.Contains(decision.ReasonCode) && decision.Reason.Length > 0;
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_ImpossibleBounds_Throws(string name)
    {
        var error = Should.Throw<ArgumentException>(() => Create(name).Decide(Snapshots.Of(min: 3, max: 2), Snapshots.Start));
        error.Message.ShouldContain("maxReplicas is 2");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Create_WrongOptions_NamesEachOfThem(string name)
    {
        PolicyOptions options = name switch
        {
            QueueProportionalOptions.Policy => new QueueProportionalOptions { TargetQueueLength = 0, Cooldown = TimeSpan.FromSeconds(-1), ActivationQueueLength = -1 },
            QueueDepthOptions.Policy => new QueueDepthOptions { TargetQueueLength = 0, ActivationQueueLength = -1 },
            _ => new SloOptions { TargetLatency = TimeSpan.Zero, Startup = TimeSpan.FromSeconds(-1), ActivationQueueLength = -1 },
        };
        var error = Should.Throw<ArgumentException>(() => PolicyFactory.Create(options));
        foreach (var wrong in options.Errors())
            error.Message.ShouldContain(wrong);
        options.Errors().Count().ShouldBeGreaterThan(1);
    }

    private static IScalingPolicy Create(string name) => PolicyFactory.Create(PolicyFactory.DefaultOptions(name)!);

    private static Decision Decide(string name, (int[] Arrivals, int Service, long Waiting, long InFlight, int Current) situation, long waiting, int min, int max) =>
        Create(name).Decide(Snapshot(situation, waiting, min, max), Snapshots.Start.AddMilliseconds(300));

    private static ScalingSnapshot Snapshot(
        (int[] Arrivals, int Service, long Waiting, long InFlight, int Current) situation, long waiting, int min, int max)
    {
        var at = Snapshots.Start.AddMilliseconds(300);
        return Snapshots.Of(
            waiting, situation.InFlight, situation.Current, min: min, max: max, at: at,
            series: Snapshots.Series(situation.Arrivals, situation.Service / 1000.0, at), startups: [8, 7, 9]);
    }
}
