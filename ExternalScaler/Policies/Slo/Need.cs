namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>What is needed now, before the hold.</summary>
/// <param name="Replicas">Within the bounds.</param>
/// <param name="Steady">For the rate alone; null when service times are unknown.</param>
/// <param name="Backlog">More for the backlog, before rounding.</param>
/// <param name="SlackSeconds">How long a job of the mean size may wait; null when service times are unknown.</param>
internal sealed record Need(int Replicas, int? Steady, double Backlog, double? SlackSeconds)
{
    public static Need Of(
        ScalingSnapshot snapshot, SloOptions options, Demand demand, ServiceEstimate? service, double horizonSeconds, bool active)
    {
        var floor = active ? Math.Max(1, snapshot.MinReplicas) : snapshot.MinReplicas;
        // Without a single finished job nothing can be computed; what is there stays.
        if (service is null)
            return new(snapshot.Clamp(Math.Max(floor, snapshot.CurrentReplicas)), null, 0, null);
        var target = options.TargetLatency.TotalSeconds;
        var slack = Math.Max(0, target - service.MeanSeconds);
        var steady = Staffing.Replicas(demand.Rate, service, demand.Dispersion, target, snapshot.MaxReplicas);
        var jobs = snapshot.Signals.Waiting + snapshot.Signals.InFlight;
        var backlog = Staffing.ForBacklog(jobs, steady, service, slack, horizonSeconds);
        return new(snapshot.Clamp(Math.Max(floor, steady + Math.Ceiling(backlog))), steady, backlog, slack);
    }
}
