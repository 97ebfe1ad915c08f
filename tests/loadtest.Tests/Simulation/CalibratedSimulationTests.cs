using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Comparison.Local;
using Keda.Inference.LoadTest.Local;
using Keda.Inference.LoadTest.Pictures;
using Keda.Inference.LoadTest.Sending;
using Keda.Inference.LoadTest.Simulation;
using Keda.Inference.LoadTest.Workloads;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Tests.Simulation;

/// <summary>Alone on the machine: it runs in real time.</summary>
[CollectionDefinition(nameof(RealTime), DisableParallelization = true)]
public sealed class RealTime;

/// <summary>
/// Holds the simulator against reality: processes, store, scaler and HPA loop are real, and so is the scale-out. Only the worker's time for a
/// job is a timer's, so that a busy machine does not change what is compared; and the load is such that its latencies are seconds of waiting.
/// </summary>
[Collection(nameof(RealTime))]
public sealed class CalibratedSimulationTests
{
    private const string Policy = "queue-depth";
    private const int Seed = 1;
    private const double Tolerance = 0.15;

    private static readonly TimeSpan Slo = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);
    private static readonly string[] Set = ["queue-depth.targetQueueLength=4"];

    // A replica serves 4 a second: one is too few for the middle part, three are enough.
    private static readonly ShapedWorkload Load = new("step", ShapeText.Steps("2:6s,11:10s,2:14s"), ArrivalPattern.Poisson);

    private static readonly LocalClusterSettings Cluster = new()
    {
        Min = 1,
        Max = 3,
        SyncPeriod = Period,
        Poll = Period,
        Order = ServiceOrder.Fifo,
        QueueTarget = Slo,
        Worker = Path.Combine(BuiltPrograms.FaultWorker, "Keda.Inference.FaultWorker.dll"),
        Environment = new Dictionary<string, string> { ["Timed__ServiceSeconds"] = "0.25", ["Timed__StartupSeconds"] = "3" },
    };

    [Fact]
    public async Task Simulation_CalibratedByARealRun_AgreesWithIt()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var plan = new RunPlan
        {
            Target = new Uri("http://127.0.0.1/"),
            Times = Load.Schedule(Seed),
            Pictures = GeneratedPhotographs.CreateSmall(Seed),
            Seed = Seed,
            Slo = Slo,
        };
        var run = await new LocalComparison(Consoles.For(TextWriter.Null), TimeProvider.System).RunAsync(
            Policy, LocalPolicy.Settings(Policy, Cluster, Set, Slo.TotalMilliseconds, fastLane: false), plan, Load.Seconds, cancellation);
        var measured = PolicySummary.Of(Policy, [run.ToMeasurement()], Slo.TotalSeconds, null);
        measured.Ok.ShouldBe(1);
        measured.PeakReplicas.ShouldBe(3);
        var settings = SettingsOf(run);

        Compare("as recorded", measured, settings).ShouldBeTrue();
        // What it agrees with is this run and no other.
        Compare("start-up three times as long", measured, settings with { StartupSeconds = [.. settings.StartupSeconds.Select(seconds => 3 * seconds)] })
            .ShouldBeFalse();
        Compare("service a third longer", measured, settings with { Service = ServiceTimes.LogNormal(3, 0), WaitedService = null }).ShouldBeFalse();
        Compare("two replicas at most", measured, settings with { MaxReplicas = 2 }).ShouldBeFalse();
    }

    private static SimulationSettings SettingsOf(MeasuredRun run)
    {
        var calibration = run.ToCalibration().ShouldNotBeNull();
        calibration.StartupSeconds.ShouldAllBe(seconds => seconds > 3);
        calibration.FirstLookSeconds.ShouldNotBeNull();
        var system = new SimulationSettings
        {
            Service = ServiceTimes.LogNormal(1, 0),
            MinReplicas = Cluster.Min,
            MaxReplicas = Cluster.Max,
            SloSeconds = Slo.TotalSeconds,
            Order = ServiceOrder.Fifo,
            LeadInSeconds = 0,
            SyncSeconds = Period.TotalSeconds,
            PollSeconds = Period.TotalSeconds,
        };
        return system.With(calibration, replay: true);
    }

    /// <summary>
    /// Whether p50, p99 and replica-seconds of a simulation of the same requests are the real run's. When the HPA looked is known to a few
    /// tenths of a second, in which a job more or less may decide between two and three replicas: one of those moments must fit.
    /// </summary>
    private static bool Compare(string what, PolicyResult measured, SimulationSettings settings) =>
        new[] { 0, 0.1, -0.1, 0.2, 0.3 }.Any(shift => Deviations(what, measured, settings with { FirstLookSeconds = settings.FirstLookSeconds + shift })
            .All(deviation => Math.Abs(deviation) <= Tolerance));

    /// <summary>How far the simulation's figures are from the real run's, as fractions of the latter.</summary>
    private static double[] Deviations(string what, PolicyResult measured, SimulationSettings settings)
    {
        var policy = PolicyChoice.Of(Policy, PolicySettings.Parse(Set), fastLane: false);
        var simulated = SimulatedComparison.Run(Load, settings, [policy], [Seed], null, TestContext.Current.CancellationToken).Single();
        (string Name, double Measured, double Simulated)[] pairs =
        [
            ("p50 ms", measured.P50Ms!.Value, simulated.P50Ms!.Value), ("p99 ms", measured.P99Ms!.Value, simulated.P99Ms!.Value),
            ("replica-seconds", measured.ReplicaSeconds, simulated.ReplicaSeconds),
        ];
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{what}, looks at {settings.FirstLookSeconds:0.00} s, starts in {string.Join(" and ", settings.StartupSeconds.Select(seconds => $"{seconds:0.00}"))} s: "
            + string.Join("; ", pairs.Select(pair => $"{pair.Name} {pair.Measured:0.0} real, {pair.Simulated:0.0} simulated, {(pair.Simulated / pair.Measured) - 1:+0.0%;-0.0%}")));
        return [.. pairs.Select(pair => (pair.Simulated / pair.Measured) - 1)];
    }
}
