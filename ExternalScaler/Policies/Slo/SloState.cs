namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>What the policy remembers beyond the signals' own history.</summary>
internal sealed record SloState
{
    /// <summary>When it last evaluated, Unix milliseconds.</summary>
    public long EvaluatedAt { get; init; }

    /// <summary>The number it stands by.</summary>
    public int Desired { get; init; }

    /// <summary>Seconds of work a job needs, as last measured; null when no job ever ended.</summary>
    public double? ServiceSeconds { get; init; }

    /// <summary>What was needed at each evaluation within the hold, oldest first: Unix milliseconds and replicas, flattened.</summary>
    public long[] Needs { get; init; } = [];
}
