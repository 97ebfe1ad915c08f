namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>The simple rule: a fixed number of jobs for each replica.</summary>
internal sealed record QueueDepthOptions : PolicyOptions
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "queue-depth";

    /// <inheritdoc/>
    public override string PolicyName => Policy;

    /// <summary>Jobs, waiting and in flight, for each replica. Default 1.</summary>
    public int TargetQueueLength { get; init; } = 1;

    /// <summary>Whether the fast lane raises the target between the HPA's syncs. Default false.</summary>
    public bool FastLane { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors())
            yield return error;
        if (TargetQueueLength < 1)
            yield return $"targetQueueLength is {TargetQueueLength}; it must be 1 or more.";
    }
}
