namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// Decides how many replicas there shall be. Pure: everything it may look at is in the snapshot, the time is passed in, and what it wants to
/// remember is in <see cref="Decision.NextState"/>. The scaler and the simulator run the same classes.
/// </summary>
internal interface IScalingPolicy
{
    /// <summary>The policy's name as in the trigger's metadata.</summary>
    string Name { get; }

    /// <summary>
    /// The decision at <paramref name="now"/>. Asked again with the state it returned, within the interval at which it evaluates, it
    /// answers the same number: asking twice decides once.
    /// </summary>
    Decision Decide(ScalingSnapshot snapshot, DateTimeOffset now);
}
