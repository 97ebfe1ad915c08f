namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>What a policy decided, with everything that led to it.</summary>
internal sealed record Decision
{
    /// <summary>How many replicas there shall be, within the snapshot's bounds.</summary>
    public required int DesiredReplicas { get; init; }

    /// <summary>Whether there is work: KEDA's activity, which decides between none and some.</summary>
    public required bool Active { get; init; }

    /// <summary>One sentence for people, such as
    /// <c>queue 120 &gt; 50: ceil(2 × 120/50) = 5, clamped to 4; cooldown 92 s left, holding 2</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>One of <see cref="ReasonCodes"/>, for a metric's label.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>Inputs and intermediate numbers, in the order in which they were used.</summary>
    public required IReadOnlyList<DecisionNumber> Numbers { get; init; }

    /// <summary>What to pass as <see cref="ScalingSnapshot.State"/> next time.</summary>
    public required ReadOnlyMemory<byte> NextState { get; init; }

    /// <summary>Whether <see cref="NextState"/> differs from the state that was passed in; when not, nothing need be written.</summary>
    public required bool StateChanged { get; init; }
}

/// <summary>A number that took part in a decision.</summary>
/// <param name="Name">Its name, in camel case.</param>
/// <param name="Value">Its value; NaN is never used, an unknown number is left out.</param>
internal readonly record struct DecisionNumber(string Name, double Value);
