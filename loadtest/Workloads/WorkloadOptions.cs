using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Workloads;

/// <summary>The options that say when requests are sent; shared by every subcommand that makes or simulates load.</summary>
internal sealed class WorkloadOptions
{
    private static readonly TimeSpan StandardDuration = TimeSpan.FromSeconds(60);

    public Option<string?> Workload { get; } = new("--workload", "-w")
    {
        Description = "Workload file: requests per second, one number a second. Default: the project's own 630 s load.",
        HelpName = "FILE",
    };

    public Option<double?> Rate { get; } = NumberOption.Optional("--rate", "Constant rate in requests per second.", 0, 1_000_000);

    public Option<string?> Ramp { get; } = new("--ramp") { Description = $"Rate that rises or falls evenly: {ShapeText.RampForm}.", HelpName = "FROM..TO" };

    public Option<string?> Step { get; } = new("--step") { Description = $"Rates one after the other: {ShapeText.StepForm}.", HelpName = "RATE:DURATION,…" };

    public Option<string?> Sine { get; } = new("--sine") { Description = $"Rate that swings: {ShapeText.SineForm}.", HelpName = "MEAN,AMPLITUDE,PERIOD" };

    public Option<string?> Trace { get; } = new("--trace")
    {
        Description = "Recorded times, one per line, in seconds or ISO 8601; sent with the same gaps.",
        HelpName = "FILE",
    };

    public Option<ArrivalPattern> Arrivals { get; } = new("--arrivals")
    {
        Description = "How requests are spread within the rate; a workload file's count per second is always kept.",
        HelpName = "poisson|uniform|burst",
        DefaultValueFactory = _ => ArrivalPattern.Poisson,
    };

    public Option<double> TimeScale { get; } = NumberOption.Create(
        "--time-scale",
        "Stretches the load's time; rates are kept. 0.1 = a tenth as long with a tenth of the requests. A trace keeps its requests and changes its rate.",
        1, 0, 10_000);

    public Option<double> RateScale { get; } = NumberOption.Create(
        "--rate-scale", "Multiplies the load's rates; a trace is thinned or repeated at random.", 1, 0, 10_000);

    public Option<TimeSpan?> Duration { get; } = DurationOption.Optional(
        "--duration", $"Length of the load after scaling. Default: the load's own; {StandardDuration.TotalSeconds:0}s for --rate, --ramp and --sine.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Workload, Rate, Ramp, Step, Sine, Trace, Arrivals, TimeScale, RateScale, Duration })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var sources = new Option[] { Workload, Rate, Ramp, Step, Sine, Trace }.Where(option => result.GetResult(option) is { Implicit: false }).ToList();
            if (sources.Count > 1)
                result.AddError($"{string.Join(" and ", sources.Select(source => source.Name))} exclude each other; give one load.");
        });
    }

    /// <summary>The load that the command line describes.</summary>
    public Workload Read(ParseResult parsed)
    {
        var arrivals = parsed.GetValue(Arrivals);
        var (timeScale, rateScale) = (parsed.GetValue(TimeScale), parsed.GetValue(RateScale));
        var duration = parsed.GetValue(Duration);
        if (parsed.GetValue(Trace) is { } trace)
            return new TraceWorkload($"trace {Path.GetFileName(trace)}", TraceFile.Read(trace), timeScale, rateScale, duration);
        var (name, shape) = ReadShape(parsed, duration ?? StandardDuration);
        // --ramp, --rate and --sine fill --duration by themselves; scaling them in time would only cancel it.
        var scaled = shape.Scale(FillsDuration(parsed) ? 1 : timeScale, rateScale);
        if (duration is { } wanted && wanted.TotalSeconds > scaled.Seconds + 0.001)
            throw new UsageException($"--duration: {wanted.TotalSeconds:0.###}s is longer than the load, which has {scaled.Seconds:0.###}s.");
        return new ShapedWorkload(name, duration is { } cut ? scaled.First(cut.TotalSeconds) : scaled, arrivals);
    }

    private bool FillsDuration(ParseResult parsed) =>
        parsed.GetValue(Rate) is not null || parsed.GetValue(Ramp) is not null || parsed.GetValue(Sine) is not null;

    private (string Name, LoadShape Shape) ReadShape(ParseResult parsed, TimeSpan duration)
    {
        if (parsed.GetValue(Rate) is { } rate)
            return ($"{rate:0.###}/s", ShapeText.Constant(rate, duration));
        if (parsed.GetValue(Ramp) is { } ramp)
            return ($"ramp {ramp}/s", ShapeText.Ramp(ramp, duration));
        if (parsed.GetValue(Step) is { } step)
            return ($"steps {step}", ShapeText.Steps(step));
        if (parsed.GetValue(Sine) is { } sine)
            return ($"sine {sine}", ShapeText.Sine(sine, duration));
        var file = parsed.GetValue(Workload) ?? WorkloadFile.Standard;
        return (Path.GetFileName(file), WorkloadFile.Read(file));
    }
}
