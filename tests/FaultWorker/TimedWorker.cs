using System.Runtime.InteropServices;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.FaultWorker;

/// <summary>
/// Needs the same time for every job, by the timer and not by the processor, so that it serves as fast on a busy machine as on a quiet one.
/// Like the real worker it claims in the last moment of a job, has heartbeats, and drains when it is told to stop.
/// </summary>
internal sealed class TimedWorker(IWorkQueue queue, string id, TimeSpan service, TimeProvider time) : IDisposable
{
    // Longer than a claim takes, even on a very busy machine.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(120);
    private readonly CancellationTokenSource _stop = new();
    private WorkerEntry _entry = new(id, WorkerState.Starting, 0, "fault-worker", "none", "fp32", Environment.ProcessId, "");

    public async Task RunAsync(double startupSeconds)
    {
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _stop.Cancel();
        });
        var beating = BeatAsync();
        await Task.Delay(TimeSpan.FromSeconds(startupSeconds), time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A process' first claim may take long; only then is it ready.
        var first = await queue.ClaimAsync(id, 1, CancellationToken.None);
        _entry = _entry with { State = WorkerState.Ready, StartupSeconds = startupSeconds };
        var saying = queue.Workers.HeartbeatAsync(_entry, CancellationToken.None);
        await ServeAsync(first);
        await saying;
        await beating;
        await queue.Workers.RemoveAsync(id, CancellationToken.None);
    }

    public void Dispose() => _stop.Dispose();

    private async Task ServeAsync(IReadOnlyList<ClaimedJob> claimed)
    {
        var free = time.GetUtcNow();
        var ending = Task.CompletedTask;
        while (true)
        {
            if (claimed is [var job])
            {
                // What it claimed while the job before was not yet over begins when that is: the claim's own time does not count.
                var now = time.GetUtcNow();
                var start = free > now - Lead ? free : now;
                free = start + service;
                await DelayUntilAsync(free - Lead);
                ending = EndAsync(job, job.QueueWait + (start - now), free);
            }
            else
            {
                await queue.WaitForWorkAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (_stop.IsCancellationRequested)
                break;
            claimed = await queue.ClaimAsync(id, 1, CancellationToken.None);
        }

        await ending;
    }

    private async Task EndAsync(ClaimedJob job, TimeSpan waited, DateTimeOffset end)
    {
        await DelayUntilAsync(end);
        await queue.CompleteAsync(job, Answers.Served(waited, service), service, CancellationToken.None);
    }

    private Task DelayUntilAsync(DateTimeOffset moment) =>
        moment - time.GetUtcNow() is { Ticks: > 0 } left ? Task.Delay(left, time) : Task.CompletedTask;

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(WorkerEntry.HeartbeatInterval, time);
        try
        {
            do
                await queue.Workers.HeartbeatAsync(_entry, _stop.Token);
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // over
        }
    }
}
