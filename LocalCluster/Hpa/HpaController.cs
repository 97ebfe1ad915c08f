namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>
/// One sync of the HorizontalPodAutoscaler controller of Kubernetes 1.36 (<c>horizontal.go</c>): metrics propose, the largest proposal
/// counts, windows stabilise it, policies limit it. Pure but for <see cref="HpaState"/>, which takes over what the controller keeps in
/// memory; the caller applies the result before the next sync.
/// </summary>
internal static class HpaController
{
    /// <summary>What the replicas shall be.</summary>
    /// <param name="metrics">The HPA's metrics as found now.</param>
    /// <param name="pods">The target's pods; only a CPU metric looks at them.</param>
    /// <param name="currentReplicas">The target's <c>spec.replicas</c>.</param>
    /// <param name="spec">The HPA.</param>
    /// <param name="state">What earlier syncs left.</param>
    /// <param name="now">The time.</param>
    /// <param name="statusReplicas">The target's <c>status.replicas</c>; null when it equals <paramref name="currentReplicas"/>.</param>
    public static HpaResult Compute(
        IReadOnlyList<HpaMetric> metrics, IReadOnlyList<HpaPod> pods, int currentReplicas, HpaSpec spec, HpaState state, DateTimeOffset now,
        int? statusReplicas = null)
    {
        state.Begin(currentReplicas, now);
        if (currentReplicas == 0 && spec.MinReplicas != 0)
            return new(0, null, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
        if (currentReplicas > spec.MaxReplicas)
            return Apply(new(spec.MaxReplicas, null, "TooManyReplicas", "more replicas than the maximum"), currentReplicas, spec, state, now);
        if (currentReplicas < spec.MinReplicas)
            return Apply(new(spec.MinReplicas, null, "TooFewReplicas", "fewer replicas than the minimum"), currentReplicas, spec, state, now);

        if (Propose(metrics, pods, currentReplicas, statusReplicas ?? currentReplicas, spec, now) is not { } proposed)
            return new(currentReplicas, null, "FailedGetMetrics", "a metric could not be read; nothing is scaled in without it");
        var result = spec.Behavior is { } behavior
            ? HpaNormalizer.WithBehavior(proposed, currentReplicas, spec, behavior, state, now)
            : HpaNormalizer.WithoutBehavior(proposed, currentReplicas, spec, state, now);
        return Apply(result, currentReplicas, spec, state, now);
    }

    /// <summary>The largest proposal; null when none can be read, or one cannot and the others would scale in.</summary>
    private static int? Propose(
        IReadOnlyList<HpaMetric> metrics, IReadOnlyList<HpaPod> pods, int current, int status, HpaSpec spec, DateTimeOffset now)
    {
        var calculator = new ReplicaCalculator(
            spec.Flags,
            spec.Behavior?.ScaleUp.Tolerance ?? spec.Flags.Tolerance,
            spec.Behavior?.ScaleDown.Tolerance ?? spec.Flags.Tolerance);
        int? largest = null;
        var unreadable = 0;
        foreach (var metric in metrics)
        {
            var proposal = metric switch
            {
                ExternalAverageMetric external => calculator.ForExternal(external, status),
                CpuUtilizationMetric cpu => calculator.ForCpu(cpu, pods, current, now),
                _ => throw new ArgumentException($"A metric of type {metric.GetType().Name} is not known here."),
            };
            if (proposal is null)
                unreadable++;
            else if (largest is null || proposal > largest)
                largest = proposal;
        }
        return unreadable > 0 && (largest is null || largest < current) ? null : largest;
    }

    private static HpaResult Apply(HpaResult result, int current, HpaSpec spec, HpaState state, DateTimeOffset now)
    {
        if (result.Replicas != current && spec.Behavior is { } behavior)
        {
            var rules = result.Replicas > current ? behavior.ScaleUp : behavior.ScaleDown;
            state.Changed(current, result.Replicas, now, rules.Policies.Select(policy => policy.Period).DefaultIfEmpty().Max());
        }
        return result;
    }
}
