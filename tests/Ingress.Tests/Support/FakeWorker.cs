using System.Collections.Concurrent;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Tests;

/// <summary>Claims jobs and ends them as a test says; a heartbeat makes it one ready replica.</summary>
internal sealed class FakeWorker : IAsyncDisposable
{
    public static readonly JobError Undecodable = new("undecodable-image", "The picture cannot be decoded.");
    private readonly CancellationTokenSource _stop = new();
    private readonly IWorkQueue _queue;
    private readonly Func<IWorkQueue, ClaimedJob, CancellationToken, Task> _serve;
    private readonly string _id = $"worker-{Guid.NewGuid():N}";
    private readonly Task _running;
    private readonly Task _beating;

    public FakeWorker(IWorkQueue queue, Func<IWorkQueue, ClaimedJob, CancellationToken, Task>? serve = null, int claims = 8)
    {
        (_queue, _serve) = (queue, serve ?? AnswerAsync);
        _running = RunAsync(claims);
        _beating = BeatAsync();
    }

    /// <summary>Every job it claimed.</summary>
    public ConcurrentQueue<ClaimedJob> Claimed { get; } = new();

    public static InferenceResult Result(bool scores = false) => new(
        new("resnet18", "untrained", "fp32"),
        [.. Enumerable.Range(0, 5).Select(i => new ClassPrediction(i, $"label {i}", 0.5 / (i + 1)))],
        new(1.5, 2.5, 3.5),
        scores ? [.. Enumerable.Range(0, 1000).Select(i => i / 1000f)] : null);

    public static Task AnswerAsync(IWorkQueue queue, ClaimedJob job, CancellationToken cancellation) =>
        queue.CompleteAsync(job, Result(job.WantScores).ToPayload(), TimeSpan.FromMilliseconds(6), cancellation);

    public static Task RejectAsync(IWorkQueue queue, ClaimedJob job, CancellationToken cancellation) =>
        queue.RejectAsync(job, Undecodable, TimeSpan.FromMilliseconds(1), cancellation);

    public static Task FailAsync(IWorkQueue queue, ClaimedJob job, CancellationToken cancellation) =>
        queue.FailAsync(job, new("out-of-memory", "The session ran out of memory."), TimeSpan.FromMilliseconds(1), cancellation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(int claims)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var jobs = await _queue.ClaimAsync(_id, claims, _stop.Token);
                foreach (var job in jobs)
                {
                    Claimed.Enqueue(job);
                    await _serve(_queue, job, _stop.Token);
                }

                if (jobs.Count == 0)
                    await _queue.WaitForWorkAsync(_stop.Token);
            }
            catch (WorkQueueUnavailableException)
            {
                await Task.Delay(50, _stop.Token);
            }
        }
    }

    private async Task BeatAsync()
    {
        var entry = new WorkerEntry(_id, WorkerState.Ready, 0.5, "resnet18", "untrained", "fp32", 1, "http://127.0.0.1:1");
        using var timer = new PeriodicTimer(WorkerEntry.HeartbeatInterval);
        do
        {
            try
            {
                await _queue.Workers.HeartbeatAsync(entry, _stop.Token);
            }
            catch (WorkQueueUnavailableException)
            {
            }
        }
        while (await timer.WaitForNextTickAsync(_stop.Token));
    }
}
