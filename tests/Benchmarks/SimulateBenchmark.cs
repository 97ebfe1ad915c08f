using System.CommandLine;
using System.Diagnostics;
using Keda.Inference.LoadTest.Simulation;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.Benchmarks;

/// <summary>The simulator's speed: the project's own load, every autoscaler of a comparison, ten seeds each.</summary>
internal sealed class SimulateBenchmark : IBenchmark
{
    public Command ToCommand()
    {
        var command = new Command("simulate", "630 s of load, every autoscaler, ten seeds each, in virtual time.");
        command.SetAction(parsed =>
        {
            var load = new ShapedWorkload("workload.txt", WorkloadFile.Read(WorkloadFile.Standard), ArrivalPattern.Poisson);
            var settings = new SimulationSettings { Service = ServiceTimes.LogNormal(8, 0.2) };
            int[] seeds = [.. Enumerable.Range(1, 10)];
            var policies = PolicyChoice.Standard.Select(name => PolicyChoice.Of(name, PolicySettings.None, fastLane: true)).ToList();
            var watch = Stopwatch.StartNew();
            var results = SimulatedComparison.Run(load, settings, policies, seeds, null, CancellationToken.None);
            var seconds = watch.Elapsed.TotalSeconds;
            var output = parsed.InvocationConfiguration.Output;
            foreach (var result in results)
                output.WriteLine($"{result.Policy,-20} {result.WithinSlo * 100,6:0.00}% within the SLO at {result.ReplicaSeconds:0} replica-seconds");
            var runs = policies.Count * seeds.Length;
            output.WriteLine(
                $"simulate seconds={seconds:0.000} runs={runs} virtual_seconds_per_s={runs * load.Seconds / seconds:0} requests_per_s={runs * results[0].Total / seconds:0}");
        });
        return command;
    }
}
