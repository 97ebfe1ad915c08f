namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>What the rule remembers.</summary>
/// <param name="Desired">The number it stands by.</param>
/// <param name="EvaluatedAt">When the rule was last evaluated, Unix milliseconds.</param>
/// <param name="ChangedAt">When it last changed the number, Unix milliseconds; null when it never did.</param>
internal sealed record QueueProportionalState(int Desired, long EvaluatedAt, long? ChangedAt);
