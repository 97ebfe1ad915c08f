namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>What the controller keeps in memory for one HPA: recent recommendations and the changes it made.</summary>
internal sealed class HpaState
{
    private readonly List<(DateTimeOffset At, int Replicas)> _recommendations = [];
    private readonly List<(DateTimeOffset At, int Change)> _ups = [];
    private readonly List<(DateTimeOffset At, int Change)> _downs = [];

    /// <summary>Recommendations, oldest first.</summary>
    public IReadOnlyList<(DateTimeOffset At, int Replicas)> Recommendations => _recommendations;

    /// <summary>The first sync starts from the replicas it finds, so that a controller's restart does not scale in at once.</summary>
    public void Begin(int currentReplicas, DateTimeOffset now)
    {
        if (_recommendations.Count == 0)
            _recommendations.Add((now, currentReplicas));
    }

    /// <summary>Remembers a recommendation as it was before stabilisation, and forgets those older than <paramref name="keep"/>.</summary>
    public void Recommend(int replicas, DateTimeOffset now, TimeSpan keep)
    {
        _recommendations.RemoveAll(entry => entry.At < now - keep);
        _recommendations.Add((now, replicas));
    }

    /// <summary>Remembers a change that was made; forgets those older than <paramref name="keep"/> in the same direction.</summary>
    public void Changed(int from, int to, DateTimeOffset now, TimeSpan keep)
    {
        var events = to > from ? _ups : _downs;
        events.RemoveAll(entry => entry.At < now - keep);
        events.Add((now, Math.Abs(to - from)));
    }

    /// <summary>How many replicas were added within the period.</summary>
    public int AddedWithin(TimeSpan period, DateTimeOffset now) => Sum(_ups, now - period);

    /// <summary>How many were taken away within the period.</summary>
    public int RemovedWithin(TimeSpan period, DateTimeOffset now) => Sum(_downs, now - period);

    private static int Sum(List<(DateTimeOffset At, int Change)> events, DateTimeOffset after)
    {
        var sum = 0;
        foreach (var (at, change) in events)
        {
            if (at > after)
                sum += change;
        }
        return sum;
    }
}
