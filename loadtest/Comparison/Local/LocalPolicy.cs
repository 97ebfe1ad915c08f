using System.Globalization;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Local;

namespace Keda.Inference.LoadTest.Comparison.Local;

/// <summary>How an autoscaler's name becomes a LocalCluster.</summary>
internal static class LocalPolicy
{
    private static readonly string[] OfLocalCluster = ["queue-proportional", "queue-depth", "slo", "cpu-70", "cpu-90"];

    /// <param name="policy">As on the command line.</param>
    /// <param name="common">What all policies share.</param>
    /// <param name="set">POLICY.KEY=VALUE of all policies.</param>
    /// <param name="sloMs">The comparison's target, which is the slo policy's too unless it is set.</param>
    /// <param name="fastLane">Whether the scaler raises replicas by itself.</param>
    public static LocalClusterSettings Settings(string policy, LocalClusterSettings common, IReadOnlyList<string> set, double sloMs, bool fastLane)
    {
        if (policy == "static-max")
            return common with { Policy = "none", Min = common.Max };
        if (policy.StartsWith("static-", StringComparison.Ordinal)
            && int.TryParse(policy.AsSpan("static-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas is >= 1 and <= 100)
            return common with { Policy = "none", Min = replicas, Max = replicas };
        if (!OfLocalCluster.Contains(policy))
            throw new UsageException($"--policies: '{policy}' cannot run locally; expected {string.Join(", ", OfLocalCluster)}, static-N or static-max.");
        return common with { Policy = policy, Metadata = [.. Metadata(policy, set, sloMs, fastLane)] };
    }

    private static IEnumerable<string> Metadata(string policy, IReadOnlyList<string> set, double sloMs, bool fastLane)
    {
        var own = set.Where(entry => entry.StartsWith(policy + ".", StringComparison.Ordinal)).Select(entry => entry[(policy.Length + 1)..]).ToList();
        bool IsSet(string key) => own.Exists(entry => entry.StartsWith(key + "=", StringComparison.Ordinal));
        if (policy == "slo" && !IsSet("targetLatencyMs"))
            yield return FormattableString.Invariant($"targetLatencyMs={sloMs:0.###}");
        if (policy == "slo" && fastLane && !IsSet("fastLane"))
            yield return "fastLane=true";
        foreach (var entry in own)
            yield return entry;
    }
}
