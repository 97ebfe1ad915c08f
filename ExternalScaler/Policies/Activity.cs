using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>KEDA's question between none and some.</summary>
internal static class Activity
{
    /// <summary>
    /// More waits than the activation length, or something is in flight: without the latter KEDA would take away a worker that is busy with
    /// the last job. Work upstream counts too, so that this one is awake when it comes.
    /// </summary>
    public static bool IsActive(QueueSignals signals, IEnumerable<UpstreamQueue> upstream, int activationQueueLength) =>
        signals.Waiting > activationQueueLength || signals.InFlight > 0
        || upstream.Any(queue => queue.Signals.Waiting + queue.Signals.InFlight > 0);

    /// <summary>The same of a policy's snapshot.</summary>
    public static bool IsActive(ScalingSnapshot snapshot, PolicyOptions options) =>
        IsActive(snapshot.Signals, snapshot.Upstream, options.ActivationQueueLength);
}
