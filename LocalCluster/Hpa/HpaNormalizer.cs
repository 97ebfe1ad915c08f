namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>From what the metrics propose to what is done: stabilisation windows, then limits.</summary>
internal static class HpaNormalizer
{
    /// <summary>The path for an HPA with a <c>behavior</c>.</summary>
    public static HpaResult WithBehavior(
        int proposed, int current, HpaSpec spec, HpaBehavior behavior, HpaState state, DateTimeOffset now)
    {
        var upWindow = behavior.ScaleUp.StabilizationWindow ?? TimeSpan.Zero;
        var downWindow = behavior.ScaleDown.StabilizationWindow ?? spec.Flags.DownscaleStabilization;
        var (lowest, highest) = (proposed, proposed);
        foreach (var (at, replicas) in state.Recommendations)
        {
            if (at > now - upWindow)
                lowest = Math.Min(lowest, replicas);
            if (at > now - downWindow)
                highest = Math.Max(highest, replicas);
        }
        state.Recommend(proposed, now, upWindow > downWindow ? upWindow : downWindow);

        // The current count is kept as far as it lies between the lowest and the highest recent recommendation.
        var stabilized = Math.Min(Math.Max(current, lowest), highest);
        var limited = Limit(stabilized, current, spec, behavior, state, now);
        if (stabilized != proposed && limited.Replicas == stabilized)
        {
            return proposed >= current
                ? new(stabilized, proposed, "ScaleUpStabilized", "recent recommendations were lower than the current one")
                : new(stabilized, proposed, "ScaleDownStabilized", "recent recommendations were higher than the current one");
        }
        return limited with { Proposed = proposed };
    }

    /// <summary>The path for an HPA without one: at most the double, or 4, upwards; the highest of the last window downwards.</summary>
    public static HpaResult WithoutBehavior(int proposed, int current, HpaSpec spec, HpaState state, DateTimeOffset now)
    {
        var highest = proposed;
        foreach (var (at, replicas) in state.Recommendations)
        {
            if (at >= now - spec.Flags.DownscaleStabilization)
                highest = Math.Max(highest, replicas);
        }
        state.Recommend(proposed, now, spec.Flags.DownscaleStabilization);

        var speedLimit = Math.Max(2 * current, 4);
        if (highest < spec.MinReplicas)
            return new(spec.MinReplicas, proposed, "TooFewReplicas", "fewer replicas than the minimum");
        if (highest > Math.Min(speedLimit, spec.MaxReplicas))
        {
            return speedLimit < spec.MaxReplicas
                ? new(speedLimit, proposed, "ScaleUpLimit", "rising faster than the maximum rate")
                : new(spec.MaxReplicas, proposed, "TooManyReplicas", "more replicas than the maximum");
        }
        return highest != proposed
            ? new(highest, proposed, "ScaleDownStabilized", "recent recommendations were higher than the current one")
            : new(highest, proposed, "DesiredWithinRange", "the desired count is within the acceptable range");
    }

    private static HpaResult Limit(int desired, int current, HpaSpec spec, HpaBehavior behavior, HpaState state, DateTimeOffset now)
    {
        if (desired > current)
        {
            var limit = Math.Max(current, ScaleLimits.Up(current, behavior.ScaleUp, state, now));
            if (desired > Math.Min(limit, spec.MaxReplicas))
            {
                return limit < spec.MaxReplicas
                    ? new(limit, null, "ScaleUpLimit", "rising faster than the policies allow")
                    : new(spec.MaxReplicas, null, "TooManyReplicas", "more replicas than the maximum");
            }
        }
        else if (desired < current)
        {
            var limit = Math.Min(current, ScaleLimits.Down(current, behavior.ScaleDown, state, now));
            if (desired < Math.Max(limit, spec.MinReplicas))
            {
                return limit > spec.MinReplicas
                    ? new(limit, null, "ScaleDownLimit", "falling faster than the policies allow")
                    : new(spec.MinReplicas, null, "TooFewReplicas", "fewer replicas than the minimum");
            }
        }
        return new(desired, null, "DesiredWithinRange", "the desired count is within the acceptable range");
    }
}
