using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Commands;

/// <summary><c>run</c>: sends the load and measures what comes back.</summary>
internal static class RunCommand
{
    public static Command Create(CommonOptions common)
    {
        var workload = new WorkloadOptions();
        var seed = NumberOption.Whole("--seed", "Seed of arrivals and pictures.", 1, 0, int.MaxValue);
        var command = new DocumentedCommand("run", "Sends a load in open loop and measures latency from the intended send times.")
        {
            Examples =
            {
                new Example("20 requests a second for half a minute", "run --rate 20 --duration 30s"),
            },
        };
        workload.AddTo(command);
        command.Options.Add(seed);
        command.SetAction((parsed, _) =>
        {
            var load = workload.Read(parsed);
            var times = load.Schedule(parsed.GetValue(seed));
            if (parsed.GetValue(common.Json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonOutput.Serialize(new { load.Name, Requests = times.Length }));
            else
                parsed.InvocationConfiguration.Output.WriteLine($"{load.Name}: {times.Length} requests in {load.Seconds:0.#}s");
            return Task.FromResult(ExitCodes.Good);
        });
        return command;
    }
}
