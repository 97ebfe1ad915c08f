using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>The options that describe the simulated system.</summary>
internal sealed class SimulationOptions
{
    private static readonly Dictionary<string, ServiceOrder> Orders = new() { ["fifo"] = ServiceOrder.Fifo, ["adaptive-lifo"] = ServiceOrder.AdaptiveLifo };

    private static readonly TimeSpan StandardLeadIn = TimeSpan.FromSeconds(120);

    public Option<double> ServiceRate { get; } = NumberOption.Create("--service-rate", "Jobs that a busy replica ends in a second.", 8, 0, 1_000_000);

    public Option<double?> ServiceCv { get; } = new("--service-cv")
    {
        Description = "Coefficient of variation of the service times (0: all alike). Default: 0.2.",
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (double.TryParse(text, out var cv) && cv is >= 0 and <= 100)
                return cv;
            result.AddError($"--service-cv: '{text}' is not a number from 0 to 100.");
            return null;
        },
    };

    public Option<TimeSpan> Startup { get; } = DurationOption.Create("--startup", "From asking for a replica to its being ready.", TimeSpan.FromSeconds(8));

    public Option<TimeSpan> Scrape { get; } = DurationOption.Create("--scrape", "How often the metrics API takes a CPU sample.", TimeSpan.FromSeconds(15));

    public Option<TimeSpan> Timeout { get; } = DurationOption.Create("--timeout", "How long a caller waits.", TimeSpan.FromSeconds(60));

    public Option<TimeSpan?> LeadIn { get; } = new("--lead-in")
    {
        Description = "How long the load's first rate runs before the load begins, simulated but not counted; 0s starts every autoscaler at its minimum. Default: 120s.",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (Durations.TryParse(text, out var duration))
                return duration;
            result.AddError($"--lead-in: '{text}' is not {Durations.Form}, 0 or more.");
            return null;
        },
    };

    public Option<string> Order { get; } = new("--order")
    {
        Description = "The queue's order of service. adaptive-lifo: newest first while the oldest has waited longer than the target.",
        HelpName = "fifo|adaptive-lifo",
        DefaultValueFactory = _ => "adaptive-lifo",
    };

    public Option<string?> Calibration { get; } = new("--calibration")
    {
        Description = "Recorded run (JSON, calibration.json of --output) to take the times from, instead of the three options above.",
        HelpName = "FILE",
    };

    public Option<bool> Replay { get; } = new("--replay")
    {
        Description = "With --calibration: the autoscaler looks when it did in the recorded run, instead of at moments drawn from the seed.",
    };

    public void AddTo(Command command)
    {
        Order.AcceptOnlyFromAmong([.. Orders.Keys]);
        foreach (var option in new Option[] { ServiceRate, ServiceCv, Startup, Calibration, Order, Timeout, Scrape, LeadIn, Replay })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(Replay) is { Implicit: false } && result.GetResult(Calibration) is null)
                result.AddError("--replay repeats the moments of a recorded run; give it with --calibration FILE.");
        });
    }

    /// <summary>The order of service that the command line asks for.</summary>
    public ServiceOrder ReadOrder(ParseResult parsed) => Orders[parsed.GetValue(Order)!];

    /// <summary>The system that the command line describes.</summary>
    public SimulationSettings Read(ParseResult parsed, ComparisonOptions comparison)
    {
        var settings = new SimulationSettings
        {
            Service = ServiceTimes.LogNormal(parsed.GetValue(ServiceRate), parsed.GetValue(ServiceCv) ?? 0.2),
            StartupSeconds = [parsed.GetValue(Startup).TotalSeconds],
            MinReplicas = parsed.GetValue(comparison.Min),
            MaxReplicas = parsed.GetValue(comparison.Max),
            LeadInSeconds = (parsed.GetValue(LeadIn) ?? StandardLeadIn).TotalSeconds,
            SloSeconds = parsed.GetValue(comparison.SloMs) / 1000,
            TimeoutSeconds = parsed.GetValue(Timeout).TotalSeconds,
            Order = ReadOrder(parsed),
            SyncSeconds = parsed.GetValue(comparison.SyncPeriod).TotalSeconds,
            PollSeconds = parsed.GetValue(comparison.Poll).TotalSeconds,
            CpuSampleSeconds = parsed.GetValue(Scrape).TotalSeconds,
        };
        if (parsed.GetValue(Calibration) is not { } path)
            return settings;
        var recorded = Simulation.Calibration.Calibration.Read(path);
        if (parsed.GetValue(Replay) && recorded.FirstLookSeconds is null)
            throw new UsageException($"--replay: {path} does not say when its autoscaler looked (first_look_seconds); compare --local records it.");
        return settings.With(recorded, parsed.GetValue(Replay));
    }

    /// <summary>What was set, for the result.</summary>
    public Dictionary<string, object?> Describe(ParseResult parsed, SimulationSettings settings, ComparisonOptions comparison) => new()
    {
        ["service_rate"] = Math.Round(1 / (settings.WaitedService ?? settings.Service).MeanSeconds, 6),
        ["service_cv"] = parsed.GetValue(Calibration) is null ? parsed.GetValue(ServiceCv) ?? 0.2 : null,
        ["startup_seconds"] = settings.StartupSeconds.Average(),
        ["calibration"] = parsed.GetValue(Calibration),
        ["min"] = settings.MinReplicas,
        ["max"] = settings.MaxReplicas,
        ["order"] = parsed.GetValue(Order),
        ["timeout_seconds"] = settings.TimeoutSeconds,
        ["lead_in_seconds"] = settings.LeadInSeconds,
        ["sync_period_seconds"] = settings.SyncSeconds,
        ["poll_seconds"] = settings.PollSeconds,
        ["scrape_seconds"] = settings.CpuSampleSeconds,
        ["fast_lane"] = parsed.GetValue(comparison.FastLane),
        ["set"] = parsed.GetValue(comparison.Set) ?? [],
    };
}
