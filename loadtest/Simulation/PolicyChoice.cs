using System.Globalization;
using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Simulation.Autoscalers;
using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>An autoscaler by the name that <c>--policies</c> takes.</summary>
/// <param name="Name">Such as <c>slo</c>, <c>cpu-70</c> or <c>static-3</c>.</param>
/// <param name="Create">Makes a fresh one for a run.</param>
internal sealed record PolicyChoice(string Name, Func<SimulationSettings, SimulatedAutoscaler> Create)
{
    /// <summary>What a comparison runs unless told otherwise; static-N stands for the upper bound.</summary>
    public static readonly IReadOnlyList<string> Standard = ["queue-proportional", "queue-depth", "slo", "cpu-70", "cpu-90", "static-max"];

    public const string Form = "queue-proportional, queue-depth, slo, cpu-PERCENT (cpu-70), static-N (static-6) or static-max";

    /// <summary>The choice of that name.</summary>
    /// <exception cref="UsageException">The name is not known.</exception>
    public static PolicyChoice Of(string name, PolicySettings overrides, bool fastLane)
    {
        if (PolicyFactory.DefaultOptions(name) is { } options)
        {
            var (set, lane) = overrides.Apply(name, options, fastLane);
            return new(name, settings => new KedaAutoscaler(PolicyFactory.Create(Aligned(set, overrides, settings)), HpaBehavior.Of(name), lane, settings));
        }
        if (name == "static-max")
            return new(name, settings => new StaticAutoscaler(settings.MaxReplicas));
        if (Number(name, "static-") is { } replicas and >= 0 and <= 100_000)
            return new(name, _ => new StaticAutoscaler(replicas));
        if (Number(name, "cpu-") is { } percent and >= 1 and <= 1000)
            return new(name, settings => new CpuAutoscaler(percent, settings));
        throw new UsageException($"--policies: '{name}' is not one of {Form}.");
    }

    private static int? Number(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Unless --set says otherwise, the simulated SLO is the policy's target, and it is evaluated as often as it is asked, as in LocalCluster.
    private static PolicyOptions Aligned(PolicyOptions options, PolicySettings overrides, SimulationSettings settings) => options switch
    {
        SloOptions slo when !overrides.IsSet(slo.PolicyName, "targetLatencyMs") => slo with { TargetLatency = TimeSpan.FromSeconds(settings.SloSeconds) },
        QueueProportionalOptions rule when !overrides.IsSet(rule.PolicyName, "pollSeconds") =>
            rule with { Poll = TimeSpan.FromSeconds(Math.Max(1, Math.Min(settings.PollSeconds, settings.SyncSeconds))) },
        _ => options,
    };
}
