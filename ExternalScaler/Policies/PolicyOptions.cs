namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>What every policy is told.</summary>
internal abstract record PolicyOptions
{
    /// <summary>How many jobs may wait before the target counts as active. Default 0. Jobs in flight always count as activity.</summary>
    public int ActivationQueueLength { get; init; }

    /// <summary>The policy's name.</summary>
    public abstract string PolicyName { get; }

    /// <summary>All that is wrong with the values; empty when nothing is.</summary>
    public virtual IEnumerable<string> Errors()
    {
        if (ActivationQueueLength < 0)
            yield return $"activationQueueLength is {ActivationQueueLength}; it must be 0 or more.";
    }
}
