using System.Diagnostics;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>Workers that answer at once.</summary>
internal sealed class NoOpWorkers : IAsyncDisposable
{
    public const string Queue = "bench";
    private const int Claims = 16;
    private readonly CancellationTokenSource _stop = new();
    private readonly IWorkQueues _queues;
    private readonly Task _running;

    private NoOpWorkers(string redis)
    {
        _queues = Connect(redis);
        _running = RunAsync(_queues.Open(Queue));
    }

    public static NoOpWorkers Start(string redis) => new(redis);

    /// <summary>Returns once that many jobs wait.</summary>
    public static async Task UntilWaitingAsync(string redis, int count, CancellationToken cancellation)
    {
        await using var queues = Connect(redis);
        var queue = queues.Open(Queue);
        var started = Stopwatch.GetTimestamp();
        while (await queue.GetSignalsAsync(cancellation) is { } signals && signals.Waiting < count)
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(40))
                throw new InvalidOperationException($"Only {signals.Waiting} of {count} requests wait after 40 s.");
            await Task.Delay(50, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _queues.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(IWorkQueue queue)
    {
        var payload = new InferenceResult(
            new("resnet18", "untrained", "fp32"), [.. Enumerable.Range(0, 5).Select(i => new ClassPrediction(i, $"label {i}", 0.2))], new(0.1, 0, 0)).ToPayload();
        while (!_stop.IsCancellationRequested)
        {
            var jobs = await queue.ClaimAsync("no-op", Claims, _stop.Token);
            if (jobs.Count == 0)
                await queue.WaitForWorkAsync(_stop.Token);
            else
                await Task.WhenAll(jobs.Select(job => queue.CompleteAsync(job, payload, TimeSpan.Zero, _stop.Token)));
        }
    }

    private static IWorkQueues Connect(string redis) => WorkQueues.Connect(
        new RedisOptions { ConnectionString = redis, TimeoutMs = 10_000 }, name => new() { Name = name, MaxDepth = 100_000 }, TimeProvider.System);
}
