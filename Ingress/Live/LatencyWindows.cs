using System.Collections.Concurrent;

namespace Keda.Inference.Ingress.Live;

/// <summary>The latencies of this replica's last answers, for the page.</summary>
internal sealed class LatencyWindows(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LatencyWindow> _windows = new(StringComparer.Ordinal);

    public void Record(string queue, TimeSpan latency) => Of(queue).Record(latency);

    /// <summary>p50 and p99 in milliseconds over the window, or null when nothing was answered in it.</summary>
    public (double P50, double P99)? Percentiles(string queue) => Of(queue).Percentiles();

    private LatencyWindow Of(string queue) => _windows.GetOrAdd(queue, static (_, time) => new(time), time);
}

/// <summary>
/// Answers of the last ten seconds, one histogram a second. Its buckets grow by 5%, which is as exact as a chart shows.
/// </summary>
internal sealed class LatencyWindow(TimeProvider time)
{
    public const int Seconds = 10;
    private const double Growth = 1.05;
    private const double FirstMilliseconds = 0.1;
    private const int Buckets = 300;
    private readonly Lock _lock = new();
    private readonly int[][] _counts = Enumerable.Range(0, Seconds).Select(_ => new int[Buckets]).ToArray();
    private readonly long[] _second = new long[Seconds];

    public void Record(TimeSpan latency)
    {
        var bucket = (int)Math.Clamp(Math.Log(latency.TotalMilliseconds / FirstMilliseconds) / Math.Log(Growth), 0, Buckets - 1);
        var now = Now();
        lock (_lock)
        {
            var slot = (int)(now % Seconds);
            if (_second[slot] != now)
            {
                Array.Clear(_counts[slot]);
                _second[slot] = now;
            }

            _counts[slot][bucket]++;
        }
    }

    public (double P50, double P99)? Percentiles()
    {
        var sum = new int[Buckets];
        var now = Now();
        lock (_lock)
        {
            for (var slot = 0; slot < Seconds; slot++)
            {
                if (now - _second[slot] >= Seconds)
                    continue;
                for (var i = 0; i < Buckets; i++)
                    sum[i] += _counts[slot][i];
            }
        }

        var total = sum.Sum();
        return total == 0 ? null : (Percentile(sum, total, 0.50), Percentile(sum, total, 0.99));
    }

    private static double Percentile(int[] counts, int total, double share)
    {
        var rank = Math.Max(1, (int)Math.Ceiling(total * share));
        var bucket = 0;
        for (var seen = counts[0]; seen < rank; seen += counts[bucket])
            bucket++;
        return FirstMilliseconds * Math.Pow(Growth, bucket + 0.5);
    }

    // Offset so that second 0 never equals a slot's initial value.
    private long Now() => Seconds + (long)(time.GetTimestamp() / (double)time.TimestampFrequency);
}
