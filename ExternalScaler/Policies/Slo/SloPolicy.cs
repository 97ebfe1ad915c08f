namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>Holds a latency target with the fewest replicas, from what is measured.</summary>
internal sealed class SloPolicy(SloOptions options) : IScalingPolicy
{
    public string Name => SloOptions.Policy;

    public Decision Decide(ScalingSnapshot snapshot, DateTimeOffset now)
    {
        snapshot.Validate();
        var state = PolicyState.Read(snapshot.State, Name, PolicyStateJson.Default.SloState);
        var at = now.ToUnixTimeMilliseconds();
        var series = snapshot.Signals.Series;
        double completions = 0, busy = 0, recent = 0, longer = 0;
        for (var i = 0; i < series.Count; i++)
        {
            completions += series[i].Completions;
            busy += series[i].BusySeconds;
            if (i >= series.Count - 4 && i < series.Count - 1)
                recent += series[i].Arrivals / 3.0;
            if (i >= series.Count - 31 && i < series.Count - 1)
                longer += series[i].Arrivals / 30.0;
        }
        var service = completions > 0 && busy > 0 ? busy / completions : state?.ServiceSeconds;
        var rate = Math.Max(recent, longer);
        var need = snapshot.CurrentReplicas;
        if (service is { } seconds)
        {
            var load = rate * seconds;
            need = (int)Math.Ceiling(load + Math.Sqrt(load));
        }
        need = snapshot.Clamp(Math.Max(need, Activity.IsActive(snapshot, options) ? 1 : 0));
        var start = options.Startup?.TotalSeconds ?? (snapshot.Signals.StartupSeconds is [var newest, ..] ? newest : 15);
        var hold = (long)(1000 * (start + (options.FastLane ? 1 : 15)));
        List<long> needs = [];
        var held = need;
        for (var i = 0; state is not null && i + 1 < state.Needs.Length; i += 2)
        {
            if (state.Needs[i] <= at - hold)
                continue;
            needs.Add(state.Needs[i]);
            needs.Add(state.Needs[i + 1]);
            held = Math.Max(held, (int)state.Needs[i + 1]);
        }
        needs.Add(at);
        needs.Add(need);
        held = snapshot.Clamp(held);
        var next = new SloState { EvaluatedAt = at, Desired = held, ServiceSeconds = service, Needs = [.. needs] };
        return new Decision
        {
            DesiredReplicas = held,
            Active = Activity.IsActive(snapshot, options),
            Reason = $"{rate:0.0} arrivals/s need {need}{(held > need ? $", holding {held}" : "")}",
            ReasonCode = held > need ? ReasonCodes.HoldScaleIn : ReasonCodes.OfChange(snapshot.CurrentReplicas, held),
            Numbers = [new("arrivalRate", rate), new("need", need)],
            NextState = PolicyState.Write(next, Name, PolicyStateJson.Default.SloState),
            StateChanged = true,
        };
    }
}
