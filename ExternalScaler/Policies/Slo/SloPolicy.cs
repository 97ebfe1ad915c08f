namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// Holds a latency target with the fewest replicas, from what is measured: arrivals (forecast one start-up ahead), service times, backlog
/// and start-up times. Feed-forward from the forecast, corrected by the backlog, as in MArk, InferLine and Faro; the README beside this
/// file derives every step.
/// </summary>
internal sealed class SloPolicy(SloOptions options) : IScalingPolicy
{
    /// <summary>The fast lane evaluates once a second.</summary>
    private const double FastLaneSeconds = 1;

    /// <summary>The HPA's sync period unless its flag was changed.</summary>
    private const double SyncSeconds = 15;

    /// <summary>KEDA asks three times in a row (spec, metric, activity); within this the answer stands, in milliseconds.</summary>
    private const long SameQuestion = 250;

    public string Name => SloOptions.Policy;

    public Decision Decide(ScalingSnapshot snapshot, DateTimeOffset now)
    {
        snapshot.Validate();
        var state = PolicyState.Read(snapshot.State, Name, PolicyStateJson.Default.SloState) ?? new SloState();
        var at = now.ToUnixTimeMilliseconds();
        var active = Activity.IsActive(snapshot, options);
        if (state.EvaluatedAt > 0 && at >= state.EvaluatedAt && at - state.EvaluatedAt < SameQuestion)
            return Again(snapshot, state, active, at);

        var decisionSeconds = options.FastLane ? FastLaneSeconds : SyncSeconds;
        state = StartupEstimate.Follow(state, snapshot, at);
        var startup = StartupEstimate.Seconds(options.Startup, snapshot.Signals.StartupSeconds, state.SeenStartupSeconds, decisionSeconds);
        var service = ServiceEstimate.Of(snapshot.Signals.Series, state.Service);
        var demand = Demand.Of(snapshot, startup + decisionSeconds);
        var need = Need.Of(snapshot, options, demand, service, startup + decisionSeconds, active);

        var hold = ScaleInHold.Seconds(startup, decisionSeconds);
        var needs = ScaleInHold.Add(state.Needs, at, need.Replicas, hold);
        var desired = snapshot.Clamp(needs[1]);
        var next = state with { EvaluatedAt = at, Desired = desired, Service = service, Needs = needs };
        return new Decision
        {
            DesiredReplicas = desired,
            Active = active,
            Reason = SloReason.Sentence(demand, service, need, desired, needs, at, hold),
            ReasonCode = desired > need.Replicas ? ReasonCodes.HoldScaleIn : ReasonCodes.OfChange(snapshot.CurrentReplicas, desired),
            Numbers = SloReason.Numbers(snapshot, demand, service, need, startup, hold),
            NextState = PolicyState.Write(next, Name, PolicyStateJson.Default.SloState),
            StateChanged = true,
        };
    }

    private static Decision Again(ScalingSnapshot snapshot, SloState state, bool active, long at)
    {
        var desired = snapshot.Clamp(state.Desired);
        return new Decision
        {
            DesiredReplicas = desired,
            Active = active,
            Reason = $"decided {at - state.EvaluatedAt} ms ago: {desired}",
            ReasonCode = ReasonCodes.BetweenPolls,
            Numbers =
            [
                new("waiting", snapshot.Signals.Waiting), new("inFlight", snapshot.Signals.InFlight),
                new("currentReplicas", snapshot.CurrentReplicas), new("readyReplicas", snapshot.ReadyReplicas),
            ],
            NextState = snapshot.State,
            StateChanged = false,
        };
    }
}
