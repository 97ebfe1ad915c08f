namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// ceil((waiting + in flight) / target), clamped: what KEDA's own Redis scaler does for lists, with the jobs in flight counted. With
/// the fast lane it stands by the highest number for a little more than a sync of the HPA: whose stabilisation window holds only what it saw
/// itself, so it would undo at its next sync what was raised and over between two.
/// </summary>
internal sealed class QueueDepthPolicy(QueueDepthOptions options) : IScalingPolicy
{
    /// <summary>The HPA's sync period unless its flag was changed, and a third for its jitter and KEDA's.</summary>
    private const double HoldSeconds = 20;

    public string Name => QueueDepthOptions.Policy;

    public Decision Decide(ScalingSnapshot snapshot, DateTimeOffset now)
    {
        snapshot.Validate();
        var (waiting, inFlight, target) = (snapshot.Signals.Waiting, snapshot.Signals.InFlight, options.TargetQueueLength);
        var raw = Math.Ceiling((waiting + inFlight) / (double)target);
        var need = snapshot.Clamp(raw);
        var (desired, next) = options.FastLane ? Held(snapshot, need, now.ToUnixTimeMilliseconds()) : (need, snapshot.State);
        var active = Activity.IsActive(snapshot, options);
        return new Decision
        {
            DesiredReplicas = desired,
            Active = active,
            Reason = $"waiting {waiting} + in flight {inFlight}: ceil({waiting + inFlight}/{target}) = {raw:0}{(need != raw ? $", clamped to {need}" : "")}{(desired > need ? $"; holding {desired} for the HPA to see" : "")}",
            ReasonCode = desired > need ? ReasonCodes.HoldScaleIn : ReasonCodes.OfChange(snapshot.CurrentReplicas, desired),
            Numbers =
            [
                new("waiting", waiting), new("inFlight", inFlight), new("currentReplicas", snapshot.CurrentReplicas),
                new("readyReplicas", snapshot.ReadyReplicas), new("targetQueueLength", target), new("formula", raw), new("clamped", need),
            ],
            NextState = next,
            StateChanged = options.FastLane,
        };
    }

    private (int Desired, ReadOnlyMemory<byte> Next) Held(ScalingSnapshot snapshot, int need, long at)
    {
        var state = PolicyState.Read(snapshot.State, Name, PolicyStateJson.Default.QueueDepthState) ?? new QueueDepthState();
        var needs = ScaleInHold.Add(state.Needs, at, need, HoldSeconds);
        return (snapshot.Clamp(needs[1]), PolicyState.Write(state with { Needs = needs }, Name, PolicyStateJson.Default.QueueDepthState));
    }
}
