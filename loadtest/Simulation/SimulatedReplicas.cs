namespace Keda.Inference.LoadTest.Simulation;

/// <summary>
/// The replicas of the target. They cost from the moment they are asked for (the change of <c>spec.replicas</c>) until they are gone, the
/// last job of a draining one included.
/// </summary>
internal sealed class SimulatedReplicas
{
    private readonly List<SimulatedReplica> _all = [];
    private int _created;

    /// <summary><c>spec.replicas</c>.</summary>
    public int Spec { get; private set; }

    public IReadOnlyList<SimulatedReplica> All => _all;

    public int ReadyCount(double now)
    {
        var count = 0;
        foreach (var replica in _all)
        {
            if (replica.IsReady(now))
                count++;
        }
        return count;
    }

    public SimulatedReplica? Idle(double now)
    {
        foreach (var replica in _all)
        {
            if (!replica.IsBusy && replica.IsReady(now))
                return replica;
        }
        return null;
    }

    /// <summary>Asks for one more replica.</summary>
    public SimulatedReplica Add(double requestedAt, double readyAt)
    {
        var replica = new SimulatedReplica(_created++, requestedAt, readyAt);
        _all.Add(replica);
        Spec++;
        return replica;
    }

    /// <summary>
    /// Takes one away, as a ReplicaSet chooses: first those not ready, then the one that became ready last. A busy one drains.
    /// Returns it if it is gone at once.
    /// </summary>
    public SimulatedReplica? Remove(double now)
    {
        SimulatedReplica? chosen = null;
        foreach (var replica in _all)
        {
            if (!replica.Draining && (chosen is null || replica.ReadyAt >= chosen.ReadyAt))
                chosen = replica;
        }
        if (chosen is null)
            return null;
        Spec--;
        chosen.Draining = true;
        if (chosen.IsBusy)
            return null;
        _all.Remove(chosen);
        return chosen;
    }

    public void Gone(SimulatedReplica replica) => _all.Remove(replica);
}
