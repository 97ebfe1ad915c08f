using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>Runs policies against one load, every seed of every policy as a run of its own, on all cores.</summary>
internal static class SimulatedComparison
{
    /// <summary>The results in the order of the policies.</summary>
    public static IReadOnlyList<PolicyResult> Run(
        Workload workload, SimulationSettings settings, IReadOnlyList<PolicyChoice> policies, IReadOnlyList<int> seeds,
        double? pricePerReplicaHour, CancellationToken cancellation)
    {
        var schedules = seeds.Select(workload.Schedule).ToArray();
        var runs = new RunMeasurement[policies.Count * seeds.Count];
        Parallel.For(0, runs.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var (policy, seed) = (i / seeds.Count, i % seeds.Count);
            var run = Simulator.Run(schedules[seed], workload.Seconds, settings, policies[policy].Create(settings), seeds[seed]);
            runs[i] = Measurement(run);
        });
        return [.. policies.Select((policy, i) =>
            PolicySummary.Of(policy.Name, runs[(i * seeds.Count)..((i + 1) * seeds.Count)], settings.SloSeconds, pricePerReplicaHour))];
    }

    private static RunMeasurement Measurement(SimulationRun run) => new()
    {
        SentAt = run.Arrivals,
        Latencies = run.Latencies,
        DurationSeconds = run.DurationSeconds,
        ReplicaSeconds = run.ReplicaSeconds,
        PeakReplicas = run.PeakReplicas,
        BusySeconds = run.BusySeconds,
        ScalingActions = run.Changes,
    };
}
