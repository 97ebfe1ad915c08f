namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>The rule of the original system.</summary>
internal sealed record QueueProportionalOptions : PolicyOptions
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "queue-proportional";

    /// <inheritdoc/>
    public override string PolicyName => Policy;

    /// <summary>The queue length at which the number of replicas is kept. Default 50 jobs.</summary>
    public int TargetQueueLength { get; init; } = 50;

    /// <summary>How long nothing changes after a change. Default 150 s.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(150);

    /// <summary>How often the rule is evaluated. Default 15 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether nothing changes while a replica is not ready. Default true.</summary>
    public bool RequireReady { get; init; } = true;

    /// <inheritdoc/>
    public override IEnumerable<string> Errors()
    {
        foreach (var error in base.Errors())
            yield return error;
        if (TargetQueueLength < 1)
            yield return $"targetQueueLength is {TargetQueueLength}; it must be 1 or more.";
        if (Cooldown < TimeSpan.Zero)
            yield return $"cooldownSeconds is {Cooldown.TotalSeconds:0.###}; it must be 0 or more.";
        if (Poll < TimeSpan.Zero)
            yield return $"pollSeconds is {Poll.TotalSeconds:0.###}; it must be 0 or more.";
    }
}
