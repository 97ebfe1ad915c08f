namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>KEDA's question between none and some.</summary>
internal static class Activity
{
    /// <summary>
    /// More waits than the activation length, or something is in flight: without the latter KEDA would take away a worker that is busy with
    /// the last job.
    /// </summary>
    public static bool IsActive(ScalingSnapshot snapshot, PolicyOptions options) =>
        snapshot.Signals.Waiting > options.ActivationQueueLength || snapshot.Signals.InFlight > 0;
}
