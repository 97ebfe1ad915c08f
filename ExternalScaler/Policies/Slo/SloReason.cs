namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>Puts a decision of the latency-target policy into words and numbers.</summary>
internal static class SloReason
{
    public static string Sentence(Demand demand, ServiceEstimate? service, Need need, int desired, long[] needs, long at, double holdSeconds)
    {
        var text = service is null
            ? $"{demand.Rate:0.0} arrivals/s, no job has ended yet: keeping {need.Replicas}"
            : $"{Arrivals(demand)} × {service.MeanSeconds * 1000:0} ms = {demand.Rate * service.MeanSeconds:0.0} busy: {need.Steady}{Backlog(need)}"
                + (need.Replicas != need.Steady + Math.Ceiling(need.Backlog) ? $", clamped to {need.Replicas}" : "");
        if (service is not null && need.SlackSeconds == 0)
            text += $"; the mean job alone takes longer than the target";
        return desired > need.Replicas ? $"{text}; holding {desired} for {holdSeconds - (at - needs[0]) / 1000.0:0.#} s more" : text;
    }

    public static List<DecisionNumber> Numbers(
        ScalingSnapshot snapshot, Demand demand, ServiceEstimate? service, Need need, double startupSeconds, double holdSeconds)
    {
        List<DecisionNumber> numbers =
        [
            new("waiting", snapshot.Signals.Waiting), new("inFlight", snapshot.Signals.InFlight),
            new("currentReplicas", snapshot.CurrentReplicas), new("readyReplicas", snapshot.ReadyReplicas),
            new("arrivalRate", demand.Own.Rate), new("arrivalRateAhead", demand.Own.Ahead), new("riseSeconds", demand.Own.RiseSeconds),
            new("dispersion", demand.Dispersion), new("upstreamRate", demand.UpstreamRate), new("notServedRate", demand.NotServedRate),
            new("demandRate", demand.Rate), new("startupSeconds", startupSeconds), new("holdSeconds", holdSeconds),
        ];
        if (service is not null)
            numbers.AddRange([new("serviceSeconds", service.MeanSeconds), new("serviceCv", service.Cv), new("offeredLoad", demand.Rate * service.MeanSeconds)]);
        if (need.SlackSeconds is { } slack)
            numbers.Add(new("slackSeconds", slack));
        if (need.Steady is { } steady)
            numbers.AddRange([new("steadyReplicas", steady), new("backlogReplicas", need.Backlog)]);
        numbers.Add(new("needReplicas", need.Replicas));
        return numbers;
    }

    private static string Arrivals(Demand demand)
    {
        var text = demand.Own.RiseSeconds > 0
            ? $"{demand.Own.Rate:0.0} arrivals/s rising, {demand.Own.Ahead:0.0} ahead" : $"{demand.Own.Rate:0.0} arrivals/s";
        if (demand.UpstreamRate > demand.Own.Ahead)
            text += $", {demand.UpstreamRate:0.0} from upstream";
        return demand.NotServedRate > 0 ? $"({text} + {demand.NotServedRate:0.0} not served)" : text;
    }

    private static string Backlog(Need need) => need.Backlog > 0 ? $" + {Math.Ceiling(need.Backlog):0} for the backlog" : "";
}
