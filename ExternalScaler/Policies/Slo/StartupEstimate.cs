namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>How long a replica takes from being asked for to being ready.</summary>
internal static class StartupEstimate
{
    /// <summary>
    /// The larger of what the workers report (the median of the last ones; it begins with their process) and what was seen from the change
    /// of the replicas to their readiness (which includes scheduling and the image, but only as finely as decisions are made).
    /// </summary>
    /// <param name="given">A fixed value; measured when null.</param>
    /// <param name="reported">What the workers report, in seconds.</param>
    /// <param name="seen">What was seen last, or null.</param>
    /// <param name="decisionSeconds">Time between decisions, which is all that is assumed while nothing is known.</param>
    public static double Seconds(TimeSpan? given, IReadOnlyList<double> reported, double? seen, double decisionSeconds)
    {
        if (given is { } fixedValue)
            return fixedValue.TotalSeconds;
        if (reported.Count == 0)
            return seen ?? decisionSeconds;
        double[] sorted = [.. reported.Order()];
        return Math.Max(sorted[sorted.Length / 2], seen is { } observed ? observed - decisionSeconds : 0);
    }

    /// <summary>Follows the replicas from being asked for to being ready.</summary>
    public static SloState Follow(SloState state, ScalingSnapshot snapshot, long at)
    {
        var asked = snapshot.CurrentReplicas;
        if (asked > state.SeenReplicas && state.EvaluatedAt > 0)
            state = state with { AskedAt = at };
        else if (asked < state.SeenReplicas)
            state = state with { AskedAt = null };
        if (state.AskedAt is { } since && snapshot.ReadyReplicas >= asked)
            state = state with { AskedAt = null, SeenStartupSeconds = at > since ? (at - since) / 1000.0 : state.SeenStartupSeconds };
        return state with { SeenReplicas = asked };
    }
}
