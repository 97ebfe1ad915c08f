namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>How far the behaviour's policies let the replicas go at once.</summary>
internal static class ScaleLimits
{
    public static int Up(int current, HpaScalingRules rules, HpaState state, DateTimeOffset now)
    {
        if (rules.SelectPolicy == HpaSelectPolicy.Disabled)
            return current;
        var limits = rules.Policies.Select(policy =>
        {
            var start = PeriodStart(current, policy.Period, state, now);
            return policy.Type == HpaPolicyType.Pods
                ? Saturate(start + (double)policy.Value)
                : Saturate(Math.Ceiling(start * (1 + policy.Value / 100.0)));
        });
        // For scaling up the smallest change is the smallest limit.
        return rules.SelectPolicy == HpaSelectPolicy.Min ? limits.Min() : limits.Max();
    }

    public static int Down(int current, HpaScalingRules rules, HpaState state, DateTimeOffset now)
    {
        if (rules.SelectPolicy == HpaSelectPolicy.Disabled)
            return current;
        var limits = rules.Policies.Select(policy =>
        {
            var start = PeriodStart(current, policy.Period, state, now);
            return policy.Type == HpaPolicyType.Pods
                ? Saturate(start - (double)policy.Value)
                : Saturate(Math.Truncate(start * (1 - policy.Value / 100.0)));
        });
        // For scaling down the smallest change is the largest limit.
        return rules.SelectPolicy == HpaSelectPolicy.Min ? limits.Max() : limits.Min();
    }

    /// <summary>Replicas at the start of the period: changes of both directions are taken back.</summary>
    private static int PeriodStart(int current, TimeSpan period, HpaState state, DateTimeOffset now) =>
        current - state.AddedWithin(period, now) + state.RemovedWithin(period, now);

    private static int Saturate(double value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
