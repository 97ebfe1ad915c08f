using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>Says once a second that this worker lives and where it stands.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IWorkQueue _queue;
    private readonly TimeProvider _time;
    private readonly Task _beating;
    private WorkerEntry _entry;

    public Heartbeat(IWorkQueue queue, WorkerEntry entry, TimeProvider time)
    {
        (_queue, _entry, _time) = (queue, entry, time);
        _beating = BeatAsync();
    }

    /// <summary>What is said; a change is said at once.</summary>
    public async Task SetAsync(Func<WorkerEntry, WorkerEntry> change)
    {
        Volatile.Write(ref _entry, change(Volatile.Read(ref _entry)));
        await SayAsync().ConfigureAwait(false);
    }

    /// <summary>Stops, and takes the worker out of the registry.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _queue.Workers.RemoveAsync(_entry.Id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WorkQueueUnavailableException)
        {
            // The entry fades by itself.
        }

        _stop.Dispose();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(WorkerEntry.HeartbeatInterval, _time);
        do
            await SayAsync().ConfigureAwait(false);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
    }

    private async Task SayAsync()
    {
        try
        {
            await _queue.Workers.HeartbeatAsync(Volatile.Read(ref _entry), _stop.Token).ConfigureAwait(false);
        }
        catch (WorkQueueUnavailableException)
        {
            // said again in a second
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // over
        }
    }
}
