using Keda.Inference.LoadTest.Comparison;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>A simulated run as the report draws it.</summary>
internal static class SimulatedTimeline
{
    public static PolicyTimeline Of(string policy, int seed, SimulationRun run)
    {
        var requests = run.Arrivals.Zip(run.Latencies, (sent, latency) => (Sent: sent, Latency: latency)).ToArray();
        return new PolicyTimeline
        {
            Policy = policy,
            Seed = seed,
            CpuSource = "simulation: replicas at work",
            Points = [.. run.Timeline.Where(second => second.Second <= run.DurationSeconds).Select(second => Point(second, requests))],
            Decisions =
            [
                .. run.Timeline.Zip(run.Timeline.Skip(1)).Where(pair => pair.First.SpecReplicas != pair.Second.SpecReplicas)
                    .Select(pair => new ScalingDecision(pair.Second.Second, $"replicas {pair.First.SpecReplicas} -> {pair.Second.SpecReplicas}")),
            ],
        };
    }

    private static TimelinePoint Point(SimulationSecond second, (double Sent, double Latency)[] requests)
    {
        var window = requests.Where(request => request.Sent > second.Second - ComparisonResult.WindowSeconds && request.Sent <= second.Second && double.IsFinite(request.Latency))
            .Select(request => request.Latency * 1000).Order().ToArray();
        return new TimelinePoint(
            second.Second, requests.Count(request => (int)request.Sent == second.Second), Measuring.Percentiles.OfSorted(window, 50), Measuring.Percentiles.OfSorted(window, 99),
            second.Waiting, second.SpecReplicas, second.InFlight);
    }
}
