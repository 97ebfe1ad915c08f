namespace Keda.Inference.WorkQueue;

/// <summary>
/// Tells this process that work arrived in a queue. A signal may be lost with its connection, so nobody waits for one without a limit.
/// </summary>
internal sealed class WorkSignal(RedisConnections connections, string channel)
{
    private readonly Lock _opening = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _generation;
    private Task? _subscribed;

    /// <summary>Counts the signals.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Begins to listen, once.</summary>
    public Task OpenAsync()
    {
        lock (_opening)
        {
            if (_subscribed is null or { IsFaulted: true } or { IsCanceled: true })
                _subscribed = SubscribeAsync();
            return _subscribed;
        }
    }

    /// <summary>Completes at once if a signal came since <paramref name="seen"/>, else at the next one or after <paramref name="limit"/>.</summary>
    public async Task WaitAsync(long seen, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var next = Volatile.Read(ref _next);
        if (Generation != seen)
            return;
        try
        {
            await next.Task.WaitAsync(limit, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // the caller looks by itself
        }
    }

    /// <summary>As if a signal had come.</summary>
    public void Raise()
    {
        Interlocked.Increment(ref _generation);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private async Task SubscribeAsync()
    {
        var multiplexer = await connections.SubscribeAsync(channel, (_, _) => Raise()).ConfigureAwait(false);
        multiplexer.ConnectionRestored += (_, _) => Raise();
        // What came before the subscription stood was not heard.
        Raise();
    }
}
