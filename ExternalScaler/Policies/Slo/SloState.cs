namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>What the policy remembers beyond the signals' own history.</summary>
internal sealed record SloState
{
    /// <summary>When it last evaluated, Unix milliseconds; 0 before the first time.</summary>
    public long EvaluatedAt { get; init; }

    /// <summary>The number it stands by.</summary>
    public int Desired { get; init; }

    /// <summary>The last measured service times; null when no job ever ended.</summary>
    public ServiceEstimate? Service { get; init; }

    /// <summary>What was needed lately, see <see cref="ScaleInHold.Add"/>: Unix milliseconds and replicas in turn.</summary>
    public long[] Needs { get; init; } = [];

    /// <summary>The replicas asked for at the last evaluation.</summary>
    public int SeenReplicas { get; init; }

    /// <summary>Since when replicas asked for are awaited, Unix milliseconds; null when all are ready.</summary>
    public long? AskedAt { get; init; }

    /// <summary>How long that took the last time, in seconds; null when it was never seen.</summary>
    public double? SeenStartupSeconds { get; init; }
}
