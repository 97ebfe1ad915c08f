using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LocalCluster;

/// <summary>Stands in for metrics-server: the CPU use of each worker over the last window, from the processes' own accounting.</summary>
internal sealed class CpuMeter(TimeProvider time)
{
    private readonly Dictionary<string, (int ProcessId, TimeSpan Used, DateTimeOffset At)> _last = new(StringComparer.Ordinal);

    /// <summary>The samples of those that ran through the whole window since the call before; a restarted one has none yet.</summary>
    public IReadOnlyDictionary<string, CpuSample> Sample(IReadOnlyList<Replica> replicas)
    {
        var now = time.GetUtcNow();
        var samples = new Dictionary<string, CpuSample>(StringComparer.Ordinal);
        foreach (var replica in replicas)
        {
            if (replica.Process is not { } process)
                continue;
            var used = process.CpuTime;
            if (_last.TryGetValue(replica.Name, out var last) && last.ProcessId == process.Id && now > last.At)
            {
                var millicores = (long)((used - last.Used) / (now - last.At) * 1000);
                samples[replica.Name] = new CpuSample(millicores, now, now - last.At);
            }

            _last[replica.Name] = (process.Id, used, now);
        }

        foreach (var gone in _last.Keys.Except(replicas.Select(replica => replica.Name)).ToList())
            _last.Remove(gone);
        return samples;
    }
}
