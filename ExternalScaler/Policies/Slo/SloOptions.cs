namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>The latency-target policy. The target is its only setting of substance; the rest says what need not be measured.</summary>
internal sealed record SloOptions : PolicyOptions
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "slo";

    /// <inheritdoc/>
    public override string PolicyName => Policy;

    /// <summary>The end-to-end latency to hold. Default 500 ms.</summary>
    public TimeSpan TargetLatency { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a replica takes from being asked for to being ready. Default null: measured from the workers.</summary>
    public TimeSpan? Startup { get; init; }

    /// <summary>
    /// Whether the decision is applied within a second (the scaler's fast lane) rather than at the HPA's next sync. Default false.
    /// </summary>
    public bool FastLane { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors())
            yield return error;
        if (TargetLatency <= TimeSpan.Zero)
            yield return $"targetLatencyMs is {TargetLatency.TotalMilliseconds:0.###}; it must be above 0.";
        if (Startup < TimeSpan.Zero)
            yield return $"startupSeconds is {Startup.Value.TotalSeconds:0.###}; it must be 0 or more.";
    }
}
