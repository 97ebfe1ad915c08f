namespace Keda.Inference.ExternalScaler.Inspection;

/// <summary>What a running scaler answered, asked as KEDA asks.</summary>
internal sealed record InspectReport
{
    /// <summary>Where it was asked.</summary>
    public required string Address { get; init; }

    /// <summary>The ScaledObject's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The ScaledObject's name.</summary>
    public required string Name { get; init; }

    /// <summary>The metric's name as the scaler gives it.</summary>
    public required string MetricName { get; init; }

    /// <summary>The metric's target.</summary>
    public required double Target { get; init; }

    /// <summary>The metric's value: the replicas wanted.</summary>
    public required double Value { get; init; }

    /// <summary>Whether KEDA would keep the target awake.</summary>
    public required bool Active { get; init; }

    /// <summary>Why, in one sentence; null when the scaler is another one and does not say.</summary>
    public string? Reason { get; init; }
}
