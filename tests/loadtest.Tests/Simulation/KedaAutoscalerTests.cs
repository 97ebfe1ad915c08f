using Keda.Inference.LoadTest.Simulation;

namespace Keda.Inference.LoadTest.Tests.Simulation;

public class KedaAutoscalerTests
{
    private static readonly SimulationSettings FromZero = new()
    {
        Service = ServiceTimes.LogNormal(8, 0), MinReplicas = 0, LeadInSeconds = 0, StartupSeconds = [3], CooldownPeriodSeconds = 30,
    };

    [Theory]
    [InlineData("queue-proportional")]
    [InlineData("queue-depth")]
    [InlineData("slo")]
    [InlineData("slo", "slo.fastLane=true")]
    public void Run_FromZero_WakesByPushAndSleepsAfterTheCooldown(string policy, params string[] set)
    {
        var run = Run(policy, FromZero, [20], 120, set: set);
        // Push 0.1 s, start-up 3 s, service 0.125 s.
        run.Latencies[0].ShouldBe(3.225, 1e-9);
        run.Timeline[19].SpecReplicas.ShouldBe(0);
        run.Timeline[21].SpecReplicas.ShouldBe(1);
        run.Timeline[50].SpecReplicas.ShouldBe(1);
        run.Timeline[80].SpecReplicas.ShouldBe(0);
    }

    [Fact]
    public void Run_FastLane_DoesNotWaitForTheSync()
    {
        double[] arrivals = [.. Enumerable.Range(0, 300).Select(i => i / 5.0), .. Enumerable.Range(0, 900).Select(i => 60 + i / 30.0)];
        var settings = new SimulationSettings { Service = ServiceTimes.LogNormal(8, 0.2), SyncSeconds = 40, PollSeconds = 40 };
        int At(string[] set) => Enumerable.Range(1, 5).Count(seed =>
            Run("slo", settings, arrivals, 90, seed, set).Timeline[62].SpecReplicas >= 4);
        At(["slo.fastLane=true"]).ShouldBe(5);
        At([]).ShouldBeLessThan(5);
    }

    [Theory]
    [InlineData("slo.targetLatencyMs=500", "slo.targetLatencyMs=500.0001")]
    [InlineData("queue-proportional.pollSeconds=15", "queue-proportional.pollSeconds=15.0000001")]
    public void Run_SetToTheDefault_IsNotTakenForUnset(string set, string next)
    {
        // Unset, the target would be the 5 s of the SLO and the rule's period the 1 s of the poll.
        double[] arrivals = [.. Enumerable.Range(0, 1800).Select(i => i / 10.0)];
        var settings = new SimulationSettings
        {
            Service = ServiceTimes.LogNormal(4, 0.2), StartupSeconds = [1], SloSeconds = 5, PollSeconds = 1, SyncSeconds = 1, LeadInSeconds = 0,
        };
        double Cost(params string[] with) => Run(set[..set.IndexOf('.')], settings, arrivals, 180, set: with).ReplicaSeconds;
        Cost(set).ShouldBe(Cost(next), 1);
        Math.Abs(Cost(set) - Cost()).ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Run_CpuAtFullLoad_ScalesOutInStepsAndHoldsFiveMinutes()
    {
        double[] arrivals = [.. Enumerable.Range(0, 7200).Select(i => i / 30.0)];
        var settings = new SimulationSettings { Service = ServiceTimes.LogNormal(8, 0.2), LeadInSeconds = 0 };
        var run = Run("cpu-70", settings, arrivals, 540);
        run.Timeline[239].SpecReplicas.ShouldBe(6);
        run.Timeline[500].SpecReplicas.ShouldBe(6);
        // Unready replicas count as idle when scaling out, so it cannot go from one to six in one sync.
        run.Timeline.Select(second => second.SpecReplicas).Distinct().Count().ShouldBeGreaterThan(2);
    }

    [Fact]
    public void Run_QueueDepth_HoldsAMinuteBeforeItScalesIn()
    {
        // 300 jobs at once want six replicas until few are left, less than a minute later.
        var settings = new SimulationSettings { Service = ServiceTimes.LogNormal(8, 0), LeadInSeconds = 0, StartupSeconds = [1] };
        var run = Run("queue-depth", settings, new double[300], 180);
        var wanted = run.Timeline.Select(second => second.SpecReplicas).ToList();
        var raised = wanted.IndexOf(6);
        raised.ShouldBeInRange(0, 16);
        wanted.Skip(raised).Take(60).ShouldAllBe(replicas => replicas == 6);
        wanted[^1].ShouldBe(1);
    }

    private static SimulationRun Run(string policy, SimulationSettings settings, double[] arrivals, double duration, int seed = 1, string[]? set = null) =>
        Simulator.Run(arrivals, duration, settings, PolicyChoice.Of(policy, PolicySettings.Parse(set ?? []), fastLane: false).Create(settings), seed);
}
