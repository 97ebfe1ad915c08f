using System.Collections.Concurrent;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Live;

/// <summary>The samples of the last minutes of every queue, and who follows them.</summary>
internal sealed class LiveHistories(LatencyWindows latencies, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LiveHistory> _histories = new(StringComparer.Ordinal);

    public LiveHistory Of(string queue) => _histories.GetOrAdd(queue, static _ => new());

    public void Add(string queue, QueueSignals signals, bool? untrained)
    {
        var (p50, p99) = Latency(queue);
        var lastComplete = signals.Series.Count > 1 ? signals.Series[^2].Arrivals : 0;
        Of(queue).Add(new(
            Now(), signals.Waiting, signals.InFlight, signals.ReadyWorkers, Math.Max(0, signals.LiveWorkers - signals.ReadyWorkers),
            lastComplete, p50, p99, untrained));
    }

    /// <summary>Redis is away: a gap, not zeros.</summary>
    public void AddUnknown(string queue)
    {
        var (p50, p99) = Latency(queue);
        Of(queue).Add(new(Now(), null, null, null, null, null, p50, p99, null));
    }

    private (double? P50, double? P99) Latency(string queue) =>
        latencies.Percentiles(queue) is { } known ? (Math.Round(known.P50, 1), Math.Round(known.P99, 1)) : (null, null);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
