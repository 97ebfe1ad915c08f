using System.Collections.Concurrent;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Queues;

/// <summary>What this replica knows of its queues without asking: whether Redis answers, and the last signals of each.</summary>
internal sealed class QueueWatch(TimeProvider time)
{
    /// <summary>After a failure requests are refused at once for this long; then one is let through to see.</summary>
    private static readonly TimeSpan s_retryUnavailable = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Observation> _observations = new(StringComparer.Ordinal);
    private long _unavailableSince;
    private volatile bool _everAvailable;

    /// <summary>Whether the last thing asked of Redis was answered.</summary>
    public bool IsAvailable => Interlocked.Read(ref _unavailableSince) == 0;

    /// <summary>Whether Redis has answered since this process started.</summary>
    public bool WasEverAvailable => _everAvailable;

    /// <summary>The last signals, or null when there are none yet or Redis is away.</summary>
    public QueueSignals? Latest(string queue) => IsAvailable && _observations.TryGetValue(queue, out var seen) ? seen.Signals : null;

    /// <summary>Reads the signals; a failure marks Redis as away.</summary>
    public async Task<QueueSignals> RefreshAsync(IWorkQueue queue, CancellationToken cancellation)
    {
        try
        {
            var signals = await queue.GetSignalsAsync(cancellation);
            _observations.AddOrUpdate(
                queue.Name, static (_, now) => new(now, new()), static (_, before, now) => before with { Signals = now }, signals);
            MarkAvailable();
            return signals;
        }
        catch (WorkQueueUnavailableException)
        {
            MarkUnavailable();
            throw;
        }
    }

    /// <summary>
    /// Runs a call to the queue. While Redis is away it fails at once instead of after the time limit, so that callers get their 503
    /// within a second and connections do not pile up.
    /// </summary>
    public async Task<T> GuardAsync<T>(IWorkQueue queue, Func<Task<T>> call)
    {
        ThrowIfUnavailable(queue);
        try
        {
            var result = await call();
            MarkAvailable();
            return result;
        }
        catch (WorkQueueUnavailableException)
        {
            MarkUnavailable();
            throw;
        }
    }

    /// <summary>Refuses a request before its body is read: when Redis is away, and when the queue is known to be full.</summary>
    public async ValueTask ThrowIfFullAsync(IWorkQueue queue, CancellationToken cancellation)
    {
        ThrowIfUnavailable(queue);
        if (!_observations.TryGetValue(queue.Name, out var seen) || !IsFull(queue, seen.Signals))
            return;
        // A place may have come free since. Those who ask at the same time share one answer, so that a flood costs little.
        var signals = await seen.Shared.GetAsync(() => RefreshAsync(queue, CancellationToken.None)).WaitAsync(cancellation);
        if (!IsFull(queue, signals))
            return;
        throw QueueFull(queue, signals.Waiting, DrainEstimate.RetryAfter(signals, queue.Options));
    }

    /// <summary>The 429 of a full queue.</summary>
    public static ProblemException QueueFull(IWorkQueue queue, long depth, TimeSpan retryAfter) =>
        new(ProblemKind.QueueFull, $"{depth} requests wait in {queue.Name}, which takes {queue.Options.MaxDepth}.") { RetryAfter = retryAfter };

    private static bool IsFull(IWorkQueue queue, QueueSignals signals) =>
        signals.Waiting >= queue.Options.MaxDepth || DrainEstimate.ExceedsWaitBound(signals, queue.Options);

    private void ThrowIfUnavailable(IWorkQueue queue)
    {
        var since = Interlocked.Read(ref _unavailableSince);
        if (since != 0 && time.GetElapsedTime(since) < s_retryUnavailable)
            throw new WorkQueueUnavailableException($"Redis did not answer a moment ago; {queue.Name} cannot be reached.");
    }

    private void MarkAvailable()
    {
        _everAvailable = true;
        Interlocked.Exchange(ref _unavailableSince, 0);
    }

    private void MarkUnavailable() => Interlocked.Exchange(ref _unavailableSince, Math.Max(1, time.GetTimestamp()));

    private sealed record Observation(QueueSignals Signals, SharedCall<QueueSignals> Shared);
}
