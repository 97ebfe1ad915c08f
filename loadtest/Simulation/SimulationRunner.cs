using System.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>From a parsed command line to a simulated comparison; <c>simulate</c> and <c>compare --simulate</c> share it.</summary>
internal sealed class SimulationRunner(WorkloadOptions workload, ComparisonOptions comparison, SimulationOptions simulation)
{
    public ComparisonResult Run(ParseResult parsed, CancellationToken cancellation)
    {
        var load = workload.Read(parsed);
        var settings = simulation.Read(parsed, comparison);
        var overrides = PolicySettings.Parse(parsed.GetValue(comparison.Set) ?? []);
        var policies = comparison.ReadPolicies(parsed, PolicyChoice.Standard)
            .Select(name => PolicyChoice.Of(name, overrides, parsed.GetValue(comparison.FastLane))).ToList();
        var seeds = comparison.ReadSeeds(parsed);
        return new ComparisonResult
        {
            Policies = SimulatedComparison.Run(load, settings, policies, seeds, parsed.GetValue(comparison.Price), cancellation),
            Mode = "simulate",
            Workload = load.Name,
            DurationSeconds = load.Seconds,
            SloMs = parsed.GetValue(comparison.SloMs),
            Seeds = seeds,
            Parameters = simulation.Describe(parsed, settings, comparison),
        };
    }

    /// <summary>The first seed's course of every policy, for the report's figures.</summary>
    public IReadOnlyList<PolicyTimeline> Timelines(ParseResult parsed)
    {
        var load = workload.Read(parsed);
        var settings = simulation.Read(parsed, comparison);
        var overrides = PolicySettings.Parse(parsed.GetValue(comparison.Set) ?? []);
        var seed = comparison.ReadSeeds(parsed)[0];
        return
        [
            .. comparison.ReadPolicies(parsed, PolicyChoice.Standard).Select(name =>
            {
                var policy = PolicyChoice.Of(name, overrides, parsed.GetValue(comparison.FastLane));
                return SimulatedTimeline.Of(name, seed, Simulator.Run(load.Schedule(seed), load.Seconds, settings, policy.Create(settings), seed));
            }),
        ];
    }
}
