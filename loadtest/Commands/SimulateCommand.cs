using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Simulation;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Commands;

/// <summary><c>simulate</c>: autoscalers against a load in virtual time.</summary>
internal static class SimulateCommand
{
    public static Command Create(CommonOptions common)
    {
        var (workload, comparison, simulation) = (new WorkloadOptions(), new ComparisonOptions(), new SimulationOptions());
        var runner = new SimulationRunner(workload, comparison, simulation);
        var command = new DocumentedCommand("simulate", "Simulates autoscalers against a load in virtual time, with the scaler's own policies.")
        {
            Examples =
            {
                new Example("every autoscaler on the project's own load", "simulate"),
                new Example("what a faster start and the fast lane are worth", "simulate --policies slo --startup 2s --fast-lane"),
                new Example("a slower model, first come first served", "simulate --service-rate 2 --order fifo --slo-ms 2000 --rate-scale 0.25"),
                new Example("forty replicas at 200 requests a second", "simulate --rate 200 --duration 10m --max 40 --policies slo,cpu-70,static-30"),
                new Example("service and start-up times of a recorded run", "simulate --calibration recorded.json --json"),
            },
        };
        workload.AddTo(command);
        comparison.AddTo(command);
        simulation.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            await common.ShowAsync(parsed, runner.Run(parsed, cancellation), ComparisonTables.Write);
            return ExitCodes.Good;
        });
        return command;
    }
}
