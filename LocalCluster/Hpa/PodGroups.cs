namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>Which pods' CPU samples can be believed.</summary>
/// <param name="ReadyCount">Pods whose sample counts.</param>
/// <param name="Unready">Pods that are pending, or still within their start-up.</param>
/// <param name="Missing">Pods without a sample.</param>
/// <param name="Ignored">Pods that are going or have failed.</param>
internal sealed record PodGroups(int ReadyCount, HashSet<string> Unready, HashSet<string> Missing, HashSet<string> Ignored)
{
    public static PodGroups Of(
        IReadOnlyList<HpaPod> pods, IReadOnlyDictionary<string, CpuSample> samples, HpaControllerFlags flags, DateTimeOffset now)
    {
        var ready = 0;
        HashSet<string> unready = [], missing = [], ignored = [];
        foreach (var pod in pods)
        {
            if (pod.Deleting || pod.Phase == HpaPodPhase.Failed)
                ignored.Add(pod.Name);
            else if (pod.Phase == HpaPodPhase.Pending)
                unready.Add(pod.Name);
            else if (!samples.TryGetValue(pod.Name, out var sample))
                missing.Add(pod.Name);
            else if (IsStarting(pod, sample, flags, now))
                unready.Add(pod.Name);
            else
                ready++;
        }
        return new PodGroups(ready, unready, missing, ignored);
    }

    private static bool IsStarting(HpaPod pod, CpuSample sample, HpaControllerFlags flags, DateTimeOffset now)
    {
        if (pod.Ready is not { } isReady || pod.StartTime is not { } started)
            return true;
        // A young pod counts once a whole window was measured since it became ready.
        if (started + flags.CpuInitializationPeriod > now)
            return !isReady || sample.At < pod.ReadyChangedAt + sample.Window;
        // An older one is left out only if it was never ready.
        return !isReady && started + flags.InitialReadinessDelay > pod.ReadyChangedAt;
    }
}
