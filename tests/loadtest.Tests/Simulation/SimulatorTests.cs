using Keda.Inference.LoadTest.Simulation;
using Keda.Inference.LoadTest.Simulation.Autoscalers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Tests.Simulation;

public class SimulatorTests
{
    private static readonly SimulationSettings Settings = new() { Service = ServiceTimes.LogNormal(8, 0), LeadInSeconds = 0 };

    [Fact]
    public void Run_OneReplica_ServesInTurn()
    {
        // Three at once on one replica with 125 ms each.
        var run = Simulator.Run([1, 1, 1], 10, Settings, new StaticAutoscaler(1), 1);
        run.Latencies.ShouldBe([0.125, 0.25, 0.375], 1e-9);
        run.ReplicaSeconds.ShouldBe(10, 1e-9);
        run.BusySeconds.ShouldBe(0.375, 1e-9);
    }

    [Fact]
    public void Run_Fifo_MakesEverybodyWaitBehindABurst()
    {
        double[] arrivals = [.. Enumerable.Repeat(1.0, 16), 2.1];
        Simulator.Run(arrivals, 10, Settings with { Order = ServiceOrder.Fifo }, new StaticAutoscaler(1), 1).Latencies[^1].ShouldBe(1.025, 1e-9);
    }

    [Fact]
    public void Run_AdaptiveLifo_ServesTheNewestOnceTheOldestIsLate()
    {
        double[] arrivals = [.. Enumerable.Repeat(1.0, 16), 2.1];
        // The newcomer is next as soon as the replica is free, at 2.125.
        Simulator.Run(arrivals, 10, Settings, new StaticAutoscaler(1), 1).Latencies[^1].ShouldBe(0.15, 1e-9);
    }

    [Fact]
    public void Run_CallerWhoGivesUp_CountsAsNotAnswered()
    {
        var run = Simulator.Run([1, 1, 1], 10, Settings with { TimeoutSeconds = 0.3 }, new StaticAutoscaler(1), 1);
        run.Latencies[0].ShouldBe(0.125, 1e-9);
        run.Latencies[2].ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Run_JobThatWaited_HasAServiceTimeOfItsOwnKind() =>
        Simulator.Run([1, 1, 5], 10, Settings with { WaitedService = ServiceTimes.LogNormal(4, 0) }, new StaticAutoscaler(1), 1)
            .Latencies.ShouldBe([0.125, 0.375, 0.125], 1e-9);

    [Theory]
    [InlineData(-1.4, 3.6)]
    [InlineData(7, 2)]
    public void Run_FirstLook_DecidesWhenTheHpaLooks(double firstLook, double scaledAt)
    {
        // Much work from the start; the HPA looks every 5 s.
        var settings = Settings with { SyncSeconds = 5, PollSeconds = 5, MaxReplicas = 2, FirstLookSeconds = firstLook };
        var policy = PolicyChoice.Of("queue-depth", PolicySettings.None, fastLane: false).Create(settings);
        var run = Simulator.Run([.. Enumerable.Repeat(0.0, 400)], 20, settings, policy, 1);
        run.ReplicaSeconds.ShouldBe(20 + (20 - scaledAt), 1e-9);
    }

    [Fact]
    public void Run_Overhead_AddsToEveryAnswer()
    {
        Simulator.Run([1], 10, Settings with { OverheadSeconds = 0.02 }, new StaticAutoscaler(1), 1).Latencies[0].ShouldBe(0.145, 1e-9);
    }

    [Fact]
    public void Run_ScaleOut_CostsFromTheRequestAndServesAfterTheStartUp()
    {
        // From one to two at second 2; a job that arrives at 9.9 still finds one replica, one at 10 two.
        var run = Simulator.Run([9.9, 9.9, 10.4, 10.4], 20, Settings, new Script((2, 2)), 1);
        run.ReplicaSeconds.ShouldBe(20 + 18, 1e-9);
        run.Latencies.ShouldBe([0.125, 0.225, 0.125, 0.125], 1e-9);
        run.PeakReplicas.ShouldBe(2);
    }

    [Fact]
    public void Run_ScaleIn_DrainsTheBusyReplica()
    {
        // Both replicas are busy from 5; one is taken away at 5.05 and costs until its job ends at 5.125.
        var run = Simulator.Run([5, 5], 10, Settings with { StartupSeconds = [0.5] }, new Script((1, 2), (5.05, 1)), 1);
        run.Latencies.ShouldBe([0.125, 0.125], 1e-9);
        run.ReplicaSeconds.ShouldBe(10 + 4.125, 1e-6);
    }

    [Fact]
    public void Run_ScaleIn_TakesTheReplicaThatIsNotReadyFirst()
    {
        var run = Simulator.Run([6], 10, Settings, new Script((1, 2), (5, 1)), 1);
        run.Latencies[0].ShouldBe(0.125, 1e-9);
        run.ReplicaSeconds.ShouldBe(10 + 4, 1e-9);
    }

    [Fact]
    public void Run_LeadIn_IsSimulatedButNotCounted()
    {
        double[] arrivals = [.. Enumerable.Range(0, 100).Select(i => i / 10.0)];
        var run = Simulator.Run(arrivals, 10, Settings with { LeadInSeconds = 60 }, new StaticAutoscaler(2), 1);
        run.Latencies.Length.ShouldBe(100);
        run.Arrivals.ShouldBe(arrivals, 1e-9);
        run.ReplicaSeconds.ShouldBe(20, 1e-6);
        run.BusySeconds.ShouldBeInRange(12.4, 13.2);
    }

    [Fact]
    public void Run_SameSeed_IsTheSame()
    {
        double[] arrivals = [.. Enumerable.Range(0, 2000).Select(i => i / 20.0)];
        var settings = Settings with { Service = ServiceTimes.LogNormal(8, 0.5) };
        double Once(int seed) => Simulator.Run(arrivals, 100, settings, new CpuAutoscaler(70, settings), seed).Latencies.Where(double.IsFinite).Sum();
        Once(3).ShouldBe(Once(3));
        Once(3).ShouldNotBe(Once(4));
    }

    [Fact]
    public void LogNormal_HasTheMeanAndVariationAskedFor()
    {
        var random = new Random(5);
        var times = ServiceTimes.LogNormal(8, 0.5);
        double[] drawn = [.. Enumerable.Range(0, 100_000).Select(_ => times.Draw(random, 0))];
        var mean = drawn.Average();
        mean.ShouldBe(0.125, 0.001);
        (Math.Sqrt(drawn.Average(value => (value - mean) * (value - mean))) / mean).ShouldBe(0.5, 0.01);
    }

    /// <summary>Sets replicas at given seconds, beginning with one.</summary>
    private sealed class Script(params (double At, int Replicas)[] steps) : SimulatedAutoscaler
    {
        public override int InitialReplicas => 1;

        public override IReadOnlyList<AutoscalerTimer> Timers(Random phases) =>
            [.. steps.Select(step => new AutoscalerTimer(step.At, 1e9, _ => step.Replicas))];
    }
}
