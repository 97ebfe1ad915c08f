using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Simulation;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Commands;

/// <summary><c>compare</c>: autoscalers side by side on one load.</summary>
internal static class CompareCommand
{
    public static Command Create(CommonOptions common)
    {
        var (workload, comparison, simulation) = (new WorkloadOptions(), new ComparisonOptions(), new SimulationOptions());
        var simulate = new Option<bool>("--simulate") { Description = "In virtual time, with the scaler's own policies." };
        var runner = new SimulationRunner(workload, comparison, simulation);
        var command = new DocumentedCommand("compare", "Compares autoscalers on one load, as the report's tables 5.1 to 5.3 do.")
        {
            Examples = { new Example("every autoscaler, in a second", "compare --simulate") },
        };
        command.Options.Add(simulate);
        workload.AddTo(command);
        comparison.AddTo(command);
        simulation.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            if (!parsed.GetValue(simulate))
                throw new UsageException("Say how to compare: --simulate.");
            var result = runner.Run(parsed, cancellation);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(common.Json))
                output.WriteLine(JsonOutput.Serialize(result));
            else
                ComparisonTables.Write(Consoles.For(output), result);
            return Task.FromResult(ExitCodes.Good);
        });
        return command;
    }
}
