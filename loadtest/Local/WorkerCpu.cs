using Keda.Inference.LoadTest.Comparison;

namespace Keda.Inference.LoadTest.Local;

/// <summary>Replicas of a LocalCluster and the cores they use, from one reading to the next.</summary>
internal sealed class WorkerCpu(Func<IReadOnlyList<WorkerUsage>> read, TimeProvider time)
{
    private Dictionary<int, double> _last = [];
    private DateTimeOffset? _at;

    public ReplicaSample Sample()
    {
        var now = time.GetUtcNow();
        var workers = read();
        // A worker that is new started from nothing; one that is gone took its last moments with it.
        var used = workers.Sum(worker => worker.CpuSeconds - _last.GetValueOrDefault(worker.ProcessId));
        double? cores = _at is { } before && now > before ? used / (now - before).TotalSeconds : null;
        (_last, _at) = (workers.ToDictionary(worker => worker.ProcessId, worker => worker.CpuSeconds), now);
        return new ReplicaSample(now, workers.Count, cores);
    }
}
