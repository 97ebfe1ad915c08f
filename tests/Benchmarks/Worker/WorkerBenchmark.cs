using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Benchmarks.Worker;

/// <summary>
/// Pictures per second of the real worker on one core, its jobs already in a real redis-server, against a bare loop of the same decoder
/// and session on the same core; the two alternate.
/// </summary>
internal sealed class WorkerBenchmark : IBenchmark
{
    private const int Core = 1;
    private const int WarmUp = 100;

    public Command ToCommand()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often the two alternate.", DefaultValueFactory = _ => 7 };
        var pictures = new Option<int>("--pictures") { Description = "Pictures in each half of a round.", DefaultValueFactory = _ => 60 };
        var choice = new ModelChoice();
        var command = new Command("worker", "The worker on one core against a bare loop.") { rounds, pictures };
        choice.AddTo(command);
        command.SetAction(parsed => RunAsync(parsed.GetValue(rounds), parsed.GetValue(pictures), choice.Arguments(parsed), parsed, choice));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, int pictures, string[] model, ParseResult parsed, ModelChoice choice)
    {
        await using var redis = await RedisServer.StartAsync();
        var queues = WorkerUnderTest.Connect(redis);
        await using var _ = (IAsyncDisposable)queues;
        var queue = queues.Open(WorkerUnderTest.Queue);
        var core = Environment.ProcessorCount > 1 ? Core : 0;
        await using var worker = WorkerUnderTest.Start(redis, core, model);
        await worker.WaitForAsync("ready");
        worker.ReadOn();
        await using var bare = PinnedProcess.Start(
            core, PinnedProcess.Program("Keda.Inference.Benchmarks"), "bare-loop",
            "--model", parsed.GetValue(choice.Model)!, "--precision", parsed.GetValue(choice.Precision)!);
        await bare.WaitForAsync("ready");

        // Until the just-in-time compiler has done its second round on both.
        await ServeAsync(queue, worker, WarmUp);
        await LoopAsync(bare, WarmUp);
        var (served, looped, processor) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            var (seconds, cpu) = await ServeAsync(queue, worker, pictures);
            var (bareSeconds, bareCpu) = await LoopAsync(bare, pictures);
            served.Add(pictures / seconds);
            looped.Add(pictures / bareSeconds);
            processor.Add(bareCpu / cpu);
            Console.WriteLine(
                $"round {round}: worker {served[^1]:F2}/s ({cpu * 1000 / pictures:F1} ms of processor each), bare {looped[^1]:F2}/s ({bareCpu * 1000 / pictures:F1} ms), ratio {served[^1] / looped[^1]:F3}");
        }

        var ratio = WorkerUnderTest.Median(served.Zip(looped, (worker, loop) => worker / loop));
        Console.WriteLine(
            $"worker pictures_per_s={WorkerUnderTest.Median(served):F2} bare={WorkerUnderTest.Median(looped):F2} ratio={ratio:F3} rss_mb={worker.ResidentMb:F0} processor_ratio={WorkerUnderTest.Median(processor):F3}");
        return 0;
    }

    private static async Task<(double Seconds, double Processor)> ServeAsync(IWorkQueue queue, PinnedProcess worker, int count)
    {
        // Stopped, so that every job waits in Redis before the first is claimed.
        worker.Signal("STOP");
        var waiting = new List<Task<JobOutcome>>();
        for (var i = 0; i < count; i++)
        {
            var id = await WorkerUnderTest.EnqueueAsync(queue, WorkerUnderTest.Pictures[i % WorkerUnderTest.Pictures.Length]);
            waiting.Add(queue.WaitAsync(id, CancellationToken.None));
        }

        var processor = worker.Processor;
        var start = Stopwatch.GetTimestamp();
        worker.Signal("CONT");
        var outcomes = await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(300));
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (outcomes.FirstOrDefault(outcome => outcome.State != JobState.Succeeded) is { } wrong)
            throw new InvalidOperationException($"A job ended as {wrong.State}: {wrong.Error?.Message}");
        return (took, (worker.Processor - processor).TotalSeconds);
    }

    private static async Task<(double Seconds, double Processor)> LoopAsync(PinnedProcess bare, int count)
    {
        var processor = bare.Processor;
        await bare.Input.WriteLineAsync($"{count}");
        await bare.Input.FlushAsync();
        var line = await bare.WaitForAsync("took");
        return (double.Parse(line.AsSpan(5), CultureInfo.InvariantCulture), (bare.Processor - processor).TotalSeconds);
    }
}
