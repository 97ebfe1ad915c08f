using System.CommandLine;
using System.Globalization;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>What every comparison is told, however it is carried out.</summary>
internal sealed class ComparisonOptions
{
    private const int MaximumSeeds = 1000;

    public Option<string[]> Policies { get; } = new("--policies", "-p")
    {
        Description = "Autoscalers, separated by commas: queue-proportional, queue-depth, slo, cpu-PERCENT (cpu-70), static-N (static-6), static-max.",
        HelpName = "NAME,…",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<double> SloMs { get; } = NumberOption.Create("--slo-ms", "Latency target, end to end, in milliseconds.", 500, 0, 3_600_000);

    public Option<int> Min { get; } = NumberOption.Whole("--min", "Fewest replicas.", 1, 0, 10_000);

    public Option<int> Max { get; } = NumberOption.Whole("--max", "Most replicas.", 6, 1, 10_000);

    public Option<TimeSpan> SyncPeriod { get; } = DurationOption.Create("--sync-period", "The HPA's sync period.", TimeSpan.FromSeconds(15));

    public Option<TimeSpan> Poll { get; } = DurationOption.Create("--poll", "KEDA's polling interval.", TimeSpan.FromSeconds(15));

    public Option<string> Seeds { get; } = new("--seeds")
    {
        Description = "How many seeds (10 is 1 to 10), or the seeds themselves (3,7,11).",
        HelpName = "N|LIST",
        DefaultValueFactory = _ => "10",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Setting of one policy, repeatable: POLICY.KEY=VALUE with the keys of the trigger's metadata, such as queue-proportional.cooldownSeconds=60.",
        HelpName = "POLICY.KEY=VALUE",
    };

    public Option<bool> FastLane { get; } = new("--fast-lane")
    {
        Description = "The scaler raises replicas by itself once a second; for one policy only: --set slo.fastLane=true.",
    };

    public Option<double?> Price { get; } = NumberOption.Optional("--price", "What a replica costs an hour, for the cost of 1,000 good answers.", 0, 1_000_000);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Policies, SloMs, Min, Max, SyncPeriod, Poll, Seeds, Set, FastLane, Price })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            // A wrong single value has its own message already; asking for it here would throw.
            if (result.GetResult(Min)?.Errors.Any() == true || result.GetResult(Max)?.Errors.Any() == true)
                return;
            if (result.GetValue(Min) > result.GetValue(Max))
                result.AddError($"--min ({result.GetValue(Min)}) is above --max ({result.GetValue(Max)}).");
        });
    }

    /// <summary>The names asked for, or the given ones.</summary>
    public IReadOnlyList<string> ReadPolicies(ParseResult parsed, IReadOnlyList<string> standard)
    {
        var names = (parsed.GetValue(Policies) ?? [])
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct().ToList();
        return names.Count > 0 ? names : standard;
    }

    /// <summary>The seeds.</summary>
    public IReadOnlyList<int> ReadSeeds(ParseResult parsed)
    {
        var text = parsed.GetValue(Seeds)!;
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<int> seeds = [];
        foreach (var part in parts)
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
                throw new UsageException($"--seeds: '{part}' is not a whole number; expected a count (10) or a list (3,7,11).");
            seeds.Add(seed);
        }
        if (parts.Length == 1)
            seeds = seeds[0] <= MaximumSeeds ? [.. Enumerable.Range(1, seeds[0])] : [];
        return seeds.Count is > 0 and <= MaximumSeeds
            ? [.. seeds.Distinct()]
            : throw new UsageException($"--seeds: '{text}' gives no seed or more than {MaximumSeeds}; expected a count (10) or a list (3,7,11).");
    }
}
