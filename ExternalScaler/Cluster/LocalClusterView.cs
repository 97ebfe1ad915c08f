using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Cluster;

/// <summary>
/// The view where there is no cluster: the stand-in's record where one runs, otherwise the workers that say they live, with KEDA's default
/// bounds. Ready are the workers that say so.
/// </summary>
internal sealed class LocalClusterView(IWorkQueues queues) : IClusterView
{
    private const int KedaDefaultMin = 0;
    private const int KedaDefaultMax = 100;

    public string? Trouble => null;

    public ValueTask<TargetScale> ReadAsync(
        ScaledObjectKey key, TriggerSettings settings, DecisionContext context, CancellationToken cancellation)
    {
        var record = context.LocalScale;
        var own = record?.MaxReplicas ?? KedaDefaultMax;
        var high = settings.MaxReplicas ?? own;
        var low = settings.MinReplicas ?? record?.MinReplicas ?? KedaDefaultMin;
        return ValueTask.FromResult(new TargetScale(
            $"workers of {key.Queue}", record?.Replicas ?? context.Signals.LiveWorkers, context.Signals.ReadyWorkers,
            settings.MinReplicas is null ? Math.Min(low, high) : low, settings.MaxReplicas is null ? Math.Max(low, high) : high,
            Math.Min(high, own), record?.Paused ?? false));
    }

    public async Task<bool> RaiseAsync(
        ScaledObjectKey key, TriggerSettings settings, TargetScale known, int replicas, CancellationToken cancellation)
    {
        replicas = Math.Min(replicas, known.RaiseLimit);
        if (replicas <= known.CurrentReplicas)
            return false;
        // Null: no stand-in runs, so there is nobody to start workers.
        var holds = await queues.Open(key.Queue).LocalScale.RaiseAsync(replicas, cancellation);
        return holds > known.CurrentReplicas;
    }
}
