using Keda.Inference.ExternalScaler.Cluster;
using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.ExternalScaler.Telemetry;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.FastLane;

/// <summary>
/// The way round the HPA's 15 seconds: while KEDA holds a stream open, the policy is evaluated once a second, and a target that has fewer
/// replicas than it wants is raised at once. The HPA reads the same number at its next sync and agrees. Lowering stays the HPA's.
/// </summary>
internal sealed partial class FastLaneRunner(
    DecisionEngine engine, IClusterView cluster, ScalerMetrics metrics, TimeProvider time, ILogger<FastLaneRunner> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(PolicyOptionsReader.FastLaneSeconds);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(ScaledObjectKey key, TriggerSettings settings, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await StepAsync(key, settings, stop);
            }
            catch (Exception error) when (error is WorkQueueUnavailableException or ClusterUnavailableException)
            {
                LogMissed(key.Namespace, key.Name, error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <summary>One evaluation; returns whether the target was raised.</summary>
    public async Task<bool> StepAsync(ScaledObjectKey key, TriggerSettings settings, CancellationToken cancellation)
    {
        var evaluation = await engine.EvaluateAsync(key, settings, cancellation);
        metrics.OnFastLane(key, evaluation.Policy);
        var scale = evaluation.Scale;
        var wanted = Math.Min(evaluation.Decision.DesiredReplicas, scale.RaiseLimit);
        if (scale.Paused || wanted <= scale.CurrentReplicas)
            return false;
        // The step from none is KEDA's, by activity alone: it would take back a target that is raised without, and so for ever in turn.
        if (scale.CurrentReplicas == 0 && !evaluation.Decision.Active)
            return false;
        if (!await cluster.RaiseAsync(key, settings, scale, wanted, cancellation))
            return false;
        metrics.Raised(key, evaluation.Policy);
        LogRaised(key.Namespace, key.Name, scale.Target, scale.CurrentReplicas, wanted, evaluation.Decision.Reason);
        await engine.RecordRaiseAsync(evaluation, wanted, cancellation);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "Fast lane: {Namespace}/{Name} raised {Target} from {From} to {To}: {Reason}")]
    private partial void LogRaised(string @namespace, string name, string target, int from, int to, string reason);

    [LoggerMessage(LogLevel.Warning, "Fast lane: {Namespace}/{Name} was not evaluated: {Reason}")]
    private partial void LogMissed(string @namespace, string name, string reason);
}
