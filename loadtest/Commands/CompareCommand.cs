using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Comparison.Kubernetes;
using Keda.Inference.LoadTest.Comparison.Local;
using Keda.Inference.LoadTest.Local;
using Keda.Inference.LoadTest.Simulation;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Commands;

/// <summary><c>compare</c>: autoscalers side by side on one load, simulated or real.</summary>
internal sealed class CompareCommand
{
    private readonly CommonOptions _common;
    private readonly WorkloadOptions _workload = new();
    private readonly ComparisonOptions _comparison = new();
    private readonly SimulationOptions _simulation = new();
    private readonly MeasuredOptions _measured = new();
    private readonly SimulationRunner _simulator;
    private readonly Option<bool> _simulate = new("--simulate") { Description = "In virtual time, with the scaler's own policies." };
    private readonly Option<bool> _local = new("--local") { Description = "With real workers on this machine: LocalCluster, one autoscaler after the other." };
    private readonly Option<bool> _kubernetes = new("--kubernetes") { Description = "On a cluster: applies each ScaledObject in turn." };

    private CompareCommand(CommonOptions common)
    {
        _common = common;
        _simulator = new SimulationRunner(_workload, _comparison, _simulation);
    }

    public static Command Create(CommonOptions common)
    {
        var parts = new CompareCommand(common);
        var command = new DocumentedCommand("compare", "Compares autoscalers on one load, as the report's tables 5.1 to 5.3 do.")
        {
            Examples =
            {
                new Example("every autoscaler, in a second", "compare --simulate --output results"),
                new Example("real workers of a third of a core each, a load that two cores carry", "compare --local --cpu-limit 0.33 --rate-scale 0.3 --output results"),
                new Example("on a cluster, with the files of keda/", "compare --kubernetes --target http://127.0.0.1:8080 --policies slo,cpu-70 --output results"),
            },
        };
        command.Options.Add(parts._simulate);
        command.Options.Add(parts._local);
        command.Options.Add(parts._kubernetes);
        parts._workload.AddTo(command);
        parts._comparison.AddTo(command);
        parts._simulation.AddTo(command);
        parts._measured.AddTo(command);
        command.SetAction(parts.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken interrupt) =>
        (parsed.GetValue(_simulate), parsed.GetValue(_local), parsed.GetValue(_kubernetes)) switch
        {
            (true, false, false) => SimulateAsync(parsed, interrupt),
            (false, true, false) => LocalAsync(parsed, interrupt),
            (false, false, true) => KubernetesAsync(parsed, interrupt),
            _ => throw new UsageException("Say how to compare: one of --simulate, --local and --kubernetes."),
        };

    private async Task<int> SimulateAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var folder = _measured.Output.Prepare(parsed);
        var result = _simulator.Run(parsed, interrupt);
        await ShowAsync(parsed, result, folder, () => _simulator.Timelines(parsed), []);
        return ExitCodes.Good;
    }

    private async Task<int> LocalAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var folder = _measured.Output.Prepare(parsed);
        var plan = ReadPlan(parsed);
        var common = new LocalClusterSettings
        {
            Min = parsed.GetValue(_comparison.Min),
            Max = parsed.GetValue(_comparison.Max),
            SyncPeriod = parsed.GetValue(_comparison.SyncPeriod),
            Poll = parsed.GetValue(_comparison.Poll),
            CpuLimit = parsed.GetValue(_measured.CpuLimit),
            Redis = parsed.GetValue(_measured.Redis),
            Order = _simulation.ReadOrder(parsed),
            QueueTarget = plan.Slo,
        };
        var set = parsed.GetValue(_comparison.Set) ?? [];
        PolicySettings.Parse(set);
        // All settings are made before the first run: a mistake in the last policy must not show after an hour.
        var settings = plan.Policies.ToDictionary(
            policy => policy, policy => LocalPolicy.Settings(policy, common, set, parsed.GetValue(_comparison.SloMs), parsed.GetValue(_comparison.FastLane)));
        var console = Consoles.For(parsed.InvocationConfiguration.Error);
        var backend = new LocalComparison(console, TimeProvider.System);
        var runs = await MeasuredComparison.RunAsync(
            plan, (policy, seed, stop) => backend.RunAsync(policy, settings[policy], plan.RunOf(seed, new Uri("http://127.0.0.1/predict")), plan.Load.Seconds, stop),
            console, interrupt);
        return await FinishAsync(parsed, "local", plan, runs, folder, new() { ["cpu_limit"] = common.CpuLimit, ["order"] = parsed.GetValue(_simulation.Order), ["redis"] = common.Redis ?? "embedded" });
    }

    private async Task<int> KubernetesAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var folder = _measured.Output.Prepare(parsed);
        var plan = ReadPlan(parsed);
        if (parsed.GetValue(_comparison.Set) is { Length: > 0 } || parsed.GetValue(_comparison.FastLane))
            throw new UsageException("--set and --fast-lane do not reach a cluster; write them into the ScaledObjects of --scaled-objects.");
        var target = parsed.GetValue(_measured.Target) ?? throw new UsageException("--kubernetes needs --target URL: where the ingress is reached, such as http://127.0.0.1:8080 after kubectl port-forward.");
        var objects = plan.Policies.ToDictionary(policy => policy, policy => ScaledObjectFile.Read(parsed.GetValue(_measured.ScaledObjects)!, policy));
        using var cluster = KubernetesCluster.Connect(parsed.GetValue(_measured.KubeConfig), TimeProvider.System);
        var console = Consoles.For(parsed.InvocationConfiguration.Error);
        var backend = new KubernetesComparison(cluster, parsed.GetValue(_measured.QuietLimit), console, TimeProvider.System);
        ScaledObjectFile.RequireOneWorkload(objects.Values);
        await using var original = await OriginalScaling.ReadAsync(cluster, objects.Values.First(), console, interrupt);
        var runs = await MeasuredComparison.RunAsync(
            plan, (policy, seed, stop) => backend.RunAsync(policy, objects[policy], plan.RunOf(seed, target), plan.Load.Seconds, stop), console, interrupt);
        return await FinishAsync(parsed, "kubernetes", plan, runs, folder, new() { ["scaled_objects"] = parsed.GetValue(_measured.ScaledObjects) });
    }

    private ComparisonPlan ReadPlan(ParseResult parsed)
    {
        var load = _workload.Read(parsed);
        return new ComparisonPlan
        {
            Policies = _comparison.ReadPolicies(parsed, PolicyChoice.Standard),
            // Real runs take as long as the load does, so one is the default.
            Seeds = parsed.GetResult(_comparison.Seeds) is { Implicit: false } ? _comparison.ReadSeeds(parsed) : [1],
            Load = load,
            Pictures = seed => _measured.Pictures.Read(parsed, seed),
            Slo = TimeSpan.FromMilliseconds(parsed.GetValue(_comparison.SloMs)),
            Timeout = parsed.GetValue(_simulation.Timeout),
            MaximumLag = parsed.GetValue(_measured.MaximumLag),
        };
    }

    private async Task<int> FinishAsync(
        ParseResult parsed, string mode, ComparisonPlan plan, ComparisonRuns runs, string? folder, Dictionary<string, object?> parameters)
    {
        if (runs.Runs.Count == 0)
            throw new FailureException("No run was completed; there is nothing to compare.");
        foreach (var (name, value) in new (string, object?)[]
                 {
                     ("min", parsed.GetValue(_comparison.Min)), ("max", parsed.GetValue(_comparison.Max)),
                     ("timeout_seconds", plan.Timeout.TotalSeconds), ("sync_period_seconds", parsed.GetValue(_comparison.SyncPeriod).TotalSeconds),
                     ("poll_seconds", parsed.GetValue(_comparison.Poll).TotalSeconds), ("fast_lane", parsed.GetValue(_comparison.FastLane)),
                     ("set", parsed.GetValue(_comparison.Set) ?? []), ("generator_lag_p99_ms", runs.WorstLagP99Ms is { } lag ? Math.Round(lag, 2) : null), ("valid", runs.Valid),
                     ("interrupted", runs.Interrupted),
                 })
            parameters[name] = value;
        var result = new ComparisonResult
        {
            Policies = runs.Results(plan.Slo, parsed.GetValue(_comparison.Price)),
            Mode = mode,
            Workload = plan.Load.Name,
            DurationSeconds = plan.Load.Seconds,
            SloMs = plan.Slo.TotalMilliseconds,
            Seeds = plan.Seeds,
            Parameters = parameters,
        };
        await ShowAsync(parsed, result, folder, () => [.. runs.Runs.GroupBy(run => run.Policy).Select(policy => policy.First().ToTimeline())], runs.Runs);
        if (!runs.Valid)
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"INVALID: the generator lagged more than {plan.MaximumLag.TotalMilliseconds:0.#} ms in at least one run. Give it more CPU.");
        return runs.Valid && !runs.Interrupted ? ExitCodes.Good : ExitCodes.Failure;
    }

    private async Task ShowAsync(
        ParseResult parsed, ComparisonResult result, string? folder, Func<IReadOnlyList<PolicyTimeline>> timelines, IReadOnlyList<MeasuredRun> runs)
    {
        if (folder is not null
            && await ComparisonFolder.WriteAsync(folder, result, timelines(), runs, CommandText.Of(parsed), TimeProvider.System.GetUtcNow(), CancellationToken.None) is { } remark)
            await parsed.InvocationConfiguration.Error.WriteLineAsync(remark);
        await _common.ShowAsync(parsed, result, ComparisonTables.Write);
    }
}
