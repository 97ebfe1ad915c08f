namespace Keda.Inference.LoadTest.Comparison;

/// <summary>One replica's start.</summary>
/// <param name="ReadyAt">When it was ready.</param>
/// <param name="Seconds">How long before it was asked for.</param>
internal readonly record struct ReplicaStart(DateTimeOffset ReadyAt, double Seconds)
{
    /// <summary>When it was asked for.</summary>
    public DateTimeOffset AskedAt => ReadyAt.AddSeconds(-Seconds);
}
