using System.Collections.Concurrent;

namespace Keda.Inference.WorkQueue;

/// <summary>
/// Renews the leases of the jobs a worker holds, at a third of their length, and says which were lost. While Redis is away it goes on trying:
/// a lease that ran out meanwhile shows as lost at the first answer.
/// </summary>
public sealed class LeaseKeeper : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ClaimedJob, CancellationTokenSource> _held = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IWorkQueue _queue;
    private readonly Task _renewing;

    /// <summary>Begins to renew.</summary>
    public LeaseKeeper(IWorkQueue queue, TimeProvider time)
    {
        _queue = queue;
        _renewing = RenewAsync(time);
    }

    /// <summary>How many jobs are held.</summary>
    public int Count => _held.Count;

    /// <summary>Holds a job until <see cref="Release"/>. The token is cancelled when the lease is lost: an answer would change nothing.</summary>
    public CancellationToken Hold(ClaimedJob job)
    {
        var lost = new CancellationTokenSource();
        _held[job] = lost;
        return lost.Token;
    }

    /// <summary>Holds a job no longer.</summary>
    public void Release(ClaimedJob job)
    {
        if (_held.TryRemove(job, out var lost))
            lost.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var job in _held.Keys)
            Release(job);
        _stop.Dispose();
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_queue.Options.LeaseSeconds / 3), time);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            try
            {
                var lost = (await _queue.RenewAsync([.. _held.Keys], _stop.Token).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
                foreach (var (job, source) in _held)
                {
                    if (lost.Contains(job.Id))
                        Lose(source);
                }
            }
            catch (WorkQueueUnavailableException)
            {
                // tried again at the next tick
            }
        }
    }

    private static void Lose(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // released in this moment
        }
    }
}
