namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>
/// From a metric to a proposed number of replicas, as <c>replica_calculator.go</c> of Kubernetes 1.36 has it (described at
/// https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details).
/// </summary>
internal sealed class ReplicaCalculator(HpaControllerFlags flags, double upTolerance, double downTolerance)
{
    /// <summary>
    /// ceil(value / target), unless value/(target × replicas) lies within the tolerance of 1. Null when the metric cannot be read.
    /// </summary>
    /// <param name="metric">The metric.</param>
    /// <param name="statusReplicas">The replicas the target has (<c>status.replicas</c>), ready or not.</param>
    public int? ForExternal(ExternalAverageMetric metric, int statusReplicas)
    {
        if (metric.Value is not { } value)
            return null;
        // Quantities are whole thousandths on the wire.
        var (milli, target) = (Milli(value), Milli(metric.TargetAverageValue));
        var ratio = milli / (target * statusReplicas);
        return IsWithinTolerance(ratio) ? statusReplicas : (int)Math.Ceiling(milli / target);
    }

    /// <summary>
    /// ceil(utilisation / target × pods). Pods without a sample count as fully busy when scaling in and as idle when scaling out; pods that
    /// are not ready count as idle when scaling out and not at all otherwise; a correction never turns the direction round. Null when
    /// nothing can be said.
    /// </summary>
    public int? ForCpu(CpuUtilizationMetric metric, IReadOnlyList<HpaPod> pods, int currentReplicas, DateTimeOffset now)
    {
        if (metric.Samples is null || pods.Count == 0 || pods.Any(pod => pod.CpuRequestMillicores is null))
            return null;
        var groups = PodGroups.Of(pods, metric.Samples, flags, now);
        var requests = pods.ToDictionary(pod => pod.Name, pod => pod.CpuRequestMillicores!.Value);
        var usage = metric.Samples
            .Where(sample => !groups.Ignored.Contains(sample.Key) && !groups.Unready.Contains(sample.Key))
            .ToDictionary(sample => sample.Key, sample => sample.Value.Millicores);
        if (usage.Count == 0 || Ratio(usage, requests, metric.TargetUtilization) is not { } ratio)
            return null;

        var scaleUpWithUnready = groups.Unready.Count > 0 && ratio > 1;
        if (!scaleUpWithUnready && groups.Missing.Count == 0)
            return IsWithinTolerance(ratio) ? currentReplicas : (int)Math.Ceiling(ratio * groups.ReadyCount);

        foreach (var name in groups.Missing)
        {
            if (ratio < 1)
                usage[name] = requests[name] * Math.Max(100, metric.TargetUtilization) / 100;
            else if (ratio > 1)
                usage[name] = 0;
        }
        if (scaleUpWithUnready)
        {
            foreach (var name in groups.Unready)
                usage[name] = 0;
        }
        if (Ratio(usage, requests, metric.TargetUtilization) is not { } corrected)
            return null;
        if (IsWithinTolerance(corrected) || (ratio < 1 && corrected > 1) || (ratio > 1 && corrected < 1))
            return currentReplicas;
        var proposed = (int)Math.Ceiling(corrected * usage.Count);
        var turned = (corrected < 1 && proposed > currentReplicas) || (corrected > 1 && proposed < currentReplicas);
        return turned ? currentReplicas : proposed;
    }

    // Whole per cent, cut off, as the API shows it: 77.9% is 77%.
    private static double? Ratio(Dictionary<string, long> usage, Dictionary<string, long> requests, int target)
    {
        long used = 0, requested = 0;
        foreach (var (name, millicores) in usage)
        {
            if (!requests.TryGetValue(name, out var request))
                continue;
            used += millicores;
            requested += request;
        }
        return requested == 0 ? null : used * 100 / requested / (double)target;
    }

    private bool IsWithinTolerance(double ratio) => 1 - downTolerance <= ratio && ratio <= 1 + upTolerance;

    private static double Milli(double value) => Math.Ceiling(Math.Round(value * 1000, 6));
}
