using Keda.Inference.LoadTest.Measuring;

namespace Keda.Inference.LoadTest.Live;

/// <summary>What the live line shows while a run goes on; written by many threads.</summary>
internal sealed class LiveCounters(TimeProvider time)
{
    /// <summary>The line speaks of the last ten seconds, so that it shows what happens now.</summary>
    private const double WindowSeconds = 10;

    private readonly Lock _lock = new();
    private readonly Queue<(double Completed, double Latency)> _recent = new();
    private readonly List<SignalSample> _signals = [];
    private long _origin;
    private int _sent;
    private int _completed;
    private int _ok;

    public void Start(long origin) => Volatile.Write(ref _origin, origin);

    public double Seconds => Math.Max(0, (time.GetTimestamp() - Volatile.Read(ref _origin)) / (double)time.TimestampFrequency);

    public void Sending() => Interlocked.Increment(ref _sent);

    public void Completed(in RequestRecord record)
    {
        lock (_lock)
        {
            _completed++;
            if (record.Ok)
            {
                _ok++;
                _recent.Enqueue((record.Completed, record.LatencySeconds));
            }

            while (_recent.TryPeek(out var oldest) && oldest.Completed < record.Completed - WindowSeconds)
                _recent.Dequeue();
        }
    }

    public void Add(SignalSample sample)
    {
        lock (_lock)
            _signals.Add(sample);
    }

    public IReadOnlyList<SignalSample> Signals()
    {
        lock (_lock)
            return [.. _signals];
    }

    public LiveSnapshot Snapshot()
    {
        lock (_lock)
        {
            var now = Seconds;
            while (_recent.TryPeek(out var oldest) && oldest.Completed < now - WindowSeconds)
                _recent.Dequeue();
            var latencies = _recent.Select(entry => entry.Latency).Order().ToArray();
            var window = Math.Max(1, Math.Min(WindowSeconds, now));
            return new LiveSnapshot(
                now, _sent, Volatile.Read(ref _sent) - _completed, _ok, latencies.Length / window,
                Percentiles.OfSorted(latencies, 50), Percentiles.OfSorted(latencies, 99),
                _signals.Count == 0 ? default : _signals[^1]);
        }
    }
}

/// <param name="Seconds">Since the start.</param>
/// <param name="Sent">Requests sent.</param>
/// <param name="InFlight">Sent and not yet answered.</param>
/// <param name="Ok">Answered rightly.</param>
/// <param name="OkPerSecond">Over the last seconds.</param>
/// <param name="P50">Seconds; null when nothing was answered lately.</param>
/// <param name="P99">Seconds; null when nothing was answered lately.</param>
/// <param name="Signals">What the target shows of itself.</param>
internal readonly record struct LiveSnapshot(
    double Seconds, int Sent, int InFlight, int Ok, double OkPerSecond, double? P50, double? P99, SignalSample Signals);
