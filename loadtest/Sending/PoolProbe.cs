using System.Collections.Concurrent;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>
/// Measures how long work waits for a thread of this process. Answers are handled on the same pool: were it starved, the service
/// would be charged for it.
/// </summary>
internal sealed class PoolProbe : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentQueue<double> _delays = new();
    private readonly ITimer _timer;

    private PoolProbe(TimeProvider time) => _timer = time.CreateTimer(_ => Measure(time), null, Interval, Interval);

    public static PoolProbe Start(TimeProvider time) => new(time);

    /// <summary>Seconds each probe waited.</summary>
    public async Task<double[]> StopAsync()
    {
        await _timer.DisposeAsync();
        return [.. _delays];
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Measure(TimeProvider time)
    {
        var queued = time.GetTimestamp();
        ThreadPool.UnsafeQueueUserWorkItem(_ => _delays.Enqueue(time.GetElapsedTime(queued).TotalSeconds), null);
    }
}
