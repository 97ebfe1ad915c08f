using System.CommandLine;
using System.Diagnostics;
using Keda.Inference.Testing;

namespace Keda.Inference.Benchmarks.Worker;

/// <summary>From the start of the worker's process to ready, and to the answer of a job that waited for it.</summary>
internal sealed class ColdStartBenchmark : IBenchmark
{
    public Command ToCommand()
    {
        var starts = new Option<int>("--starts") { Description = "How many starts the median is of.", DefaultValueFactory = _ => 10 };
        var allCores = new Option<bool>("--all-cores") { Description = "Not pinned to one core." };
        var choice = new ModelChoice();
        var command = new Command("coldstart", "The worker's start, its optimised model cached.") { starts, allCores };
        choice.AddTo(command);
        command.SetAction(parsed => RunAsync(parsed.GetValue(starts), parsed.GetValue(allCores), choice.Arguments(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(int starts, bool allCores, string[] model)
    {
        await using var redis = await RedisServer.StartAsync();
        var queues = WorkerUnderTest.Connect(redis);
        await using var _ = (IAsyncDisposable)queues;
        var queue = queues.Open(WorkerUnderTest.Queue);
        int? core = allCores ? null : Environment.ProcessorCount > 1 ? 1 : 0;
        var (ready, answer) = (new List<double>(), new List<double>());
        for (var i = 0; i <= starts; i++)
        {
            var id = await WorkerUnderTest.EnqueueAsync(queue, WorkerUnderTest.Pictures[0]);
            var waiting = queue.WaitAsync(id, CancellationToken.None);
            var start = Stopwatch.GetTimestamp();
            await using var worker = WorkerUnderTest.Start(redis, core, model);
            await worker.WaitForAsync("ready");
            var readyAfter = Stopwatch.GetElapsedTime(start).TotalSeconds;
            worker.ReadOn();
            await waiting.WaitAsync(TimeSpan.FromSeconds(60));
            var answeredAfter = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (i == 0)
                continue; // it may have had to build and optimise the model
            ready.Add(readyAfter);
            answer.Add(answeredAfter);
            Console.WriteLine($"start {i}: ready {readyAfter:F3} s, answer {answeredAfter:F3} s, {worker.Processor.TotalSeconds:F2} s of processor");
        }

        Console.WriteLine($"coldstart ready_s={WorkerUnderTest.Median(ready):F3} answer_s={WorkerUnderTest.Median(answer):F3}");
        return 0;
    }
}
