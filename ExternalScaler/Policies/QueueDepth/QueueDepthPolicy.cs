namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// ceil((waiting + in flight) / target), clamped: what KEDA's own Redis scaler does for lists, with the jobs in flight counted. It remembers
/// nothing.
/// </summary>
internal sealed class QueueDepthPolicy(QueueDepthOptions options) : IScalingPolicy
{
    public string Name => QueueDepthOptions.Policy;

    public Decision Decide(ScalingSnapshot snapshot, DateTimeOffset now)
    {
        snapshot.Validate();
        var (waiting, inFlight, target) = (snapshot.Signals.Waiting, snapshot.Signals.InFlight, options.TargetQueueLength);
        var raw = Math.Ceiling((waiting + inFlight) / (double)target);
        var desired = snapshot.Clamp(raw);
        var active = Activity.IsActive(snapshot, options);
        return new Decision
        {
            DesiredReplicas = desired,
            Active = active,
            Reason = $"waiting {waiting} + in flight {inFlight}: ceil({waiting + inFlight}/{target}) = {raw:0}{(desired != raw ? $", clamped to {desired}" : "")}",
            ReasonCode = ReasonCodes.OfChange(snapshot.CurrentReplicas, desired),
            Numbers =
            [
                new("waiting", waiting), new("inFlight", inFlight), new("currentReplicas", snapshot.CurrentReplicas),
                new("readyReplicas", snapshot.ReadyReplicas), new("targetQueueLength", target), new("formula", raw), new("clamped", desired),
            ],
            NextState = snapshot.State,
            StateChanged = false,
        };
    }
}
