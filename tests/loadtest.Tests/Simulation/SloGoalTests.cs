using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Simulation;
using Keda.Inference.LoadTest.Simulation.Autoscalers;
using Keda.Inference.LoadTest.Workloads;
using Keda.Inference.LocalCluster.Hpa;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Tests.Simulation;

/// <summary>What the latency-target policy promises: the mean of ten seeds, on the report's load and on loads that differ.</summary>
public class SloGoalTests
{
    private const string SimpleRule = "queue-depth without a window";

    private static readonly int[] Seeds = [.. Enumerable.Range(1, 10)];

    [Theory]
    [InlineData(2, true, 0, 0.998, 2250)]
    [InlineData(8, true, 0, 0.99, 2350)]
    [InlineData(8, false, 0, 0.975, 2250)]
    [InlineData(2, true, 120, 0.998, 2250)]
    [InlineData(8, true, 120, 0.99, 2350)]
    [InlineData(8, false, 120, 0.975, 2250)]
    public void Slo_ReportLoad_MeetsItsGoal(double startup, bool fastLane, double leadIn, double share, double replicaSeconds)
    {
        var file = RepositoryPaths.SharedOrSkip("workloads", "report-630s.txt");
        var load = new ShapedWorkload("report", WorkloadFile.Read(file), ArrivalPattern.Poisson);
        var result = Run(load, Settings(startup) with { LeadInSeconds = leadIn }, "slo", fastLane);
        result.Total.ShouldBe(9917);
        result.WithinSlo.ShouldBeGreaterThanOrEqualTo(share);
        result.ReplicaSeconds.ShouldBeLessThanOrEqualTo(replicaSeconds);
    }

    // Every load: rates, service rate, most replicas, SLO, and what share of the static choice's replica-seconds is "clearly fewer".
    [Theory]
    [InlineData("sine", 8, 6, 0.5, 0.85)]
    [InlineData("flash crowd", 8, 6, 0.5, 0.7)]
    [InlineData("step down", 8, 6, 0.5, 0.8)]
    [InlineData("noise", 8, 40, 0.5, 0.8)]
    [InlineData("four times slower", 2, 6, 2, 0.8)]
    [InlineData("stairs", 8, 6, 0.5, 0.8)]
    [InlineData("little", 8, 6, 0.5, 0.4)]
    public void Slo_OtherLoad_IsWithinAPointOfStaticForFewerReplicaSeconds(string name, double serviceRate, int max, double slo, double cost)
    {
        var load = Load(name);
        var settings = Settings(2) with { Service = ServiceTimes.LogNormal(serviceRate, 0.2), MaxReplicas = max, SloSeconds = slo };
        var best = Run(load, settings, "static-max", false);
        var result = Run(load, settings, "slo", true);
        result.WithinSlo.ShouldBeGreaterThanOrEqualTo(best.WithinSlo - 0.01);
        result.ReplicaSeconds.ShouldBeLessThanOrEqualTo(cost * best.ReplicaSeconds);
    }

    [Theory]
    [InlineData(ServiceOrder.Fifo, "static-6", 1.0, 3780, 0.001, 1)]
    // The notes' rough simulation of the report's rule: 37% at 1,613 and, for the simple rule, 52% at 2,021.
    [InlineData(ServiceOrder.Fifo, "queue-proportional", 0.37, 1613, 0.06, 80)]
    [InlineData(ServiceOrder.Fifo, SimpleRule, 0.52, 2021, 0.06, 80)]
    [InlineData(ServiceOrder.AdaptiveLifo, SimpleRule, 0.87, 2021, 0.04, 80)]
    // And with its scale-in held for 60 s: 92% and 97.8% at 2,477. What it holds at the window's edge is not said; ours is a twentieth cheaper.
    [InlineData(ServiceOrder.Fifo, "queue-depth", 0.92, 2477, 0.06, 130)]
    [InlineData(ServiceOrder.AdaptiveLifo, "queue-depth", 0.978, 2477, 0.04, 130)]
    public void Others_ReportLoad_AreWhereAnIndependentSimulationPutsThem(
        ServiceOrder order, string policy, double share, double replicaSeconds, double shareOff, double secondsOff)
    {
        var file = RepositoryPaths.SharedOrSkip("workloads", "report-630s.txt");
        var load = new ShapedWorkload("report", WorkloadFile.Read(file), ArrivalPattern.Poisson);
        var result = Run(load, Settings(8) with { Order = order, LeadInSeconds = 0 }, policy == SimpleRule ? WithoutWindow() : Choice(policy, false));
        result.WithinSlo.ShouldBe(share, shareOff);
        result.ReplicaSeconds.ShouldBe(replicaSeconds, secondsOff);
    }

    [Fact]
    public void Slo_MachineSlowsDownInTheMiddle_Adapts()
    {
        var load = new ShapedWorkload("steady", Shape(600, _ => 12), ArrivalPattern.Poisson);
        var service = ServiceTimes.Change(ServiceTimes.LogNormal(8, 0.2), 420, ServiceTimes.LogNormal(4, 0.2));
        var result = Run(load, Settings(2) with { Service = service }, "slo", true);
        result.WithinSlo.ShouldBeGreaterThan(0.985);
        result.ReplicaSeconds.ShouldBeLessThan(0.85 * 6 * 600);
    }

    private static SimulationSettings Settings(double startup) => new() { Service = ServiceTimes.LogNormal(8, 0.2), StartupSeconds = [startup] };

    private static PolicyResult Run(Workload load, SimulationSettings settings, string policy, bool fastLane) =>
        Run(load, settings, Choice(policy, fastLane));

    private static PolicyResult Run(Workload load, SimulationSettings settings, PolicyChoice choice) => SimulatedComparison.Run(
        load, settings, [choice], Seeds, null, TestContext.Current.CancellationToken)[0];

    private static PolicyChoice Choice(string policy, bool fastLane) => PolicyChoice.Of(policy, PolicySettings.None, fastLane);

    // The notes' simulation scales in at once; what ships holds for a minute.
    private static PolicyChoice WithoutWindow() => new(
        SimpleRule, settings => new KedaAutoscaler(PolicyFactory.Create(new QueueDepthOptions()), HpaBehavior.Exact, fastLane: false, settings));

    private static ShapedWorkload Load(string name) => new(name, name switch
    {
        "sine" => Shape(600, t => 20 + 15 * Math.Sin(2 * Math.PI * t / 300.0)),
        "flash crowd" => Shape(900, t => t < 300 ? 5 : t < 305 ? 5 + (t - 300) * 6 : t < 420 ? 35 : Math.Max(5, 35 - (t - 420) / 4.0)),
        "step down" => Shape(600, t => t < 300 ? 36 : 6),
        "noise" => Shape(300, _ => 200),
        "four times slower" => Shape(600, t => t < 150 ? 2 : t < 400 ? 9 : 2),
        "stairs" => Shape(900, t => 5 + 5 * (t / 150)),
        "little" => Shape(600, _ => 0.3),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such load."),
    }, ArrivalPattern.Poisson);

    private static LoadShape Shape(int seconds, Func<int, double> rate) =>
        new(Enumerable.Range(0, seconds).Select(second => new RateSegment(1, rate(second), rate(second))));
}
