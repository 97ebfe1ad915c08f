namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// The report's own algorithm (listing 2.3): an empty queue gives the minimum, else ceil(current × queue / target), clamped; evaluated every
/// poll, nothing for a cooldown after a change, nothing while a replica is not ready. Its faults are kept: it ratchets up on any queue
/// above the target and drops on a small one. One thing is added, because the product of 0 and anything is 0: from none it goes to one when
/// work waits.
/// </summary>
internal sealed class QueueProportionalPolicy(QueueProportionalOptions options) : IScalingPolicy
{
    public string Name => QueueProportionalOptions.Policy;

    public Decision Decide(ScalingSnapshot snapshot, DateTimeOffset now)
    {
        snapshot.Validate();
        var state = PolicyState.Read(snapshot.State, Name, PolicyStateJson.Default.QueueProportionalState);
        var at = now.ToUnixTimeMilliseconds();
        var current = snapshot.CurrentReplicas;
        var active = Activity.IsActive(snapshot, options);
        var proposal = Propose(snapshot, active);
        var held = snapshot.Clamp(state?.Desired ?? current);

        var (hold, code) = Guard(state, snapshot, active, at);
        if (hold is not null)
        {
            // The evaluation counts although it changed nothing; between two of them nothing is written at all.
            var kept = code == ReasonCodes.BetweenPolls ? null : new QueueProportionalState(held, at, state?.ChangedAt);
            return Result(snapshot, proposal, held, active, $"{proposal.Text}; {hold}, holding {held}", code!, kept);
        }

        var changed = proposal.Desired != current;
        return Result(
            snapshot, proposal, proposal.Desired, active, proposal.Text, ReasonCodes.OfChange(current, proposal.Desired),
            new QueueProportionalState(proposal.Desired, at, changed ? at : state?.ChangedAt));
    }

    private Proposal Propose(ScalingSnapshot snapshot, bool active)
    {
        var (queue, current, target) = (snapshot.Signals.Waiting, snapshot.CurrentReplicas, options.TargetQueueLength);
        if (current == 0)
        {
            var first = active ? snapshot.Clamp(Math.Max(1, snapshot.MinReplicas)) : snapshot.MinReplicas;
            return new Proposal(first, first, active
                ? $"queue {queue}, in flight {snapshot.Signals.InFlight} and no replica: {first}"
                : $"queue {queue} and no replica: {first}");
        }
        if (queue == 0)
            return new Proposal(snapshot.MinReplicas, snapshot.MinReplicas, $"queue 0: the minimum {snapshot.MinReplicas}");
        var raw = Math.Ceiling(current * (queue / (double)target));
        var desired = snapshot.Clamp(raw);
        var clamped = desired != raw ? $", clamped to {desired}" : "";
        return new Proposal(raw, desired, $"queue {queue} {(queue > target ? ">" : "≤")} {target}: ceil({current} × {queue}/{target}) = {raw:0}{clamped}");
    }

    private (string? Hold, string? Code) Guard(QueueProportionalState? state, ScalingSnapshot snapshot, bool active, long at)
    {
        // Waking from none is KEDA's step, which no cooldown delays.
        if (snapshot.CurrentReplicas == 0 && active)
            return (null, null);
        // Redis' clock may step back, as with a failover: what was decided in the future holds nothing up.
        if (state?.EvaluatedAt <= at && state.EvaluatedAt + (long)options.Poll.TotalMilliseconds is var due && at < due)
            return ($"next evaluation in {Seconds(due - at)} s", ReasonCodes.BetweenPolls);
        if (state?.ChangedAt <= at && state.ChangedAt + (long)options.Cooldown.TotalMilliseconds is { } end && at < end)
            return ($"cooldown {Seconds(end - at)} s left", ReasonCodes.Cooldown);
        if (options.RequireReady && snapshot.ReadyReplicas < snapshot.CurrentReplicas)
            return ($"{snapshot.ReadyReplicas} of {snapshot.CurrentReplicas} replicas ready", ReasonCodes.NotReady);
        return (null, null);
    }

    private static string Seconds(long milliseconds) => Math.Ceiling(milliseconds / 1000.0).ToString("0");

    private Decision Result(
        ScalingSnapshot snapshot, Proposal proposal, int desired, bool active, string reason, string code, QueueProportionalState? next) => new()
    {
        DesiredReplicas = desired,
        Active = active,
        Reason = reason,
        ReasonCode = code,
        Numbers =
        [
            new("waiting", snapshot.Signals.Waiting), new("inFlight", snapshot.Signals.InFlight),
            new("currentReplicas", snapshot.CurrentReplicas), new("readyReplicas", snapshot.ReadyReplicas),
            new("targetQueueLength", options.TargetQueueLength), new("formula", proposal.Raw), new("clamped", proposal.Desired),
        ],
        NextState = next is null ? snapshot.State : PolicyState.Write(next, Name, PolicyStateJson.Default.QueueProportionalState),
        StateChanged = next is not null,
    };

    private readonly record struct Proposal(double Raw, int Desired, string Text);
}
