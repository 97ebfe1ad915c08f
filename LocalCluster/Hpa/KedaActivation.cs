namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>
/// The step that KEDA does itself, beside the HPA: between none (or <c>idleReplicaCount</c>) and the minimum, at every poll and at every push
/// of an external-push trigger (<c>RequestScale</c> of KEDA 2.20's scale executor).
/// </summary>
internal sealed class KedaActivation
{
    private DateTimeOffset? _lastActive;

    /// <summary>KEDA's <c>minReplicaCount</c>. Default 0.</summary>
    public int MinReplicas { get; init; }

    /// <summary>KEDA's <c>maxReplicaCount</c>. Default 100.</summary>
    public int MaxReplicas { get; init; } = 100;

    /// <summary>KEDA's <c>idleReplicaCount</c>; null when not set.</summary>
    public int? IdleReplicas { get; init; }

    /// <summary>KEDA's <c>cooldownPeriod</c>: how long nothing is active before the target goes to none. Default 300 s.</summary>
    public TimeSpan CooldownPeriod { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The HPA's own minimum: KEDA writes 1 for 0, because an HPA may not have 0 there.</summary>
    public int HpaMinReplicas => Math.Max(1, MinReplicas);

    /// <summary>What the replicas shall be after a poll that found the trigger active, not active, or (null) could not tell.</summary>
    public int OnPoll(bool? active, int currentReplicas, DateTimeOffset now)
    {
        if (active is null)
            return currentReplicas;
        if (active == true)
        {
            _lastActive = now;
            return Wake(currentReplicas);
        }
        var floor = IdleReplicas ?? MinReplicas;
        var rests = IdleReplicas is not null ? currentReplicas > floor : MinReplicas == 0 && currentReplicas > 0;
        if (rests)
        {
            // Without a previous activity there is nothing to wait for: KEDA's LastActiveTime is nil then, initialCooldownPeriod 0.
            return _lastActive is not { } last || now - last >= CooldownPeriod ? floor : currentReplicas;
        }
        return IdleReplicas is null && currentReplicas < MinReplicas ? MinReplicas : currentReplicas;
    }

    /// <summary>A push of <c>true</c>: wakes the target at once; a push of <c>false</c> is ignored by KEDA and need not be told.</summary>
    public int OnPush(int currentReplicas, DateTimeOffset now)
    {
        _lastActive = now;
        return Wake(currentReplicas);
    }

    private int Wake(int currentReplicas)
    {
        var asleep = currentReplicas == 0 || currentReplicas == IdleReplicas || currentReplicas < MinReplicas;
        return asleep ? Math.Max(1, Math.Max(currentReplicas, MinReplicas)) : currentReplicas;
    }
}
