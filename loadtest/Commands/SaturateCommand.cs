using System.CommandLine;
using System.Globalization;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Local;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Output;
using Keda.Inference.LoadTest.Reporting;
using Keda.Inference.LoadTest.Saturation;
using Keda.Inference.LoadTest.Sending;
using Keda.Inference.LoadTest.Workloads;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Commands;

/// <summary><c>saturate</c>: how much one replica carries.</summary>
internal sealed class SaturateCommand
{
    private readonly CommonOptions _common;
    private readonly RequestOptions _requests = new();
    private readonly Option<string> _rates = new("--rates")
    {
        Description = "Columns of the table: requests per second, separated by commas; 'none' leaves the table out.",
        HelpName = "N,N,…",
        DefaultValueFactory = _ => "1,2,3,4,5,6",
    };

    private readonly Option<string> _durations = new("--durations")
    {
        Description = "Rows of the table, ascending. A column is one run of the longest; its rows are the requests sent until then.",
        HelpName = "DURATION,…",
        DefaultValueFactory = _ => "100s,200s,300s,400s,500s,650s",
    };

    private readonly Option<bool> _noSearch = new("--no-search") { Description = "Only the table; no search for the highest rate." };
    private readonly Option<double> _goal = NumberOption.Create("--goal", "Percent of requests that must be within the SLO for a rate to be carried.", 99, 0, 100);
    private readonly Option<TimeSpan> _probe = DurationOption.Create("--probe", "Length of each run of the search.", TimeSpan.FromSeconds(30));
    private readonly Option<double> _precision = NumberOption.Create("--precision", "The search ends when the rate is known to this many requests per second.", 0.5, 0, 1000);
    private readonly Option<double> _start = NumberOption.Create("--start-rate", "First rate of the search.", 4, 0, 100_000);
    private readonly Option<double> _maximum = NumberOption.Create("--max-rate", "The search goes no higher.", 1000, 0, 100_000);
    private readonly Option<ArrivalPattern> _arrivals = new("--arrivals")
    {
        Description = "How requests are spread within the rate.",
        HelpName = "poisson|uniform|burst",
        DefaultValueFactory = _ => ArrivalPattern.Uniform,
    };

    private readonly Option<bool> _local = new("--local") { Description = "Start LocalCluster with one worker for it instead of using --target." };
    private readonly Option<double?> _cpuLimit = CpuLimitOption.Create();
    private readonly OutputOption _output = new("report.html and measurement.json");

    private SaturateCommand(CommonOptions common) => _common = common;

    public static Command Create(CommonOptions common)
    {
        var parts = new SaturateCommand(common);
        var command = new DocumentedCommand("saturate", "Success by rate and duration for one replica, and the highest rate that still meets the SLO.")
        {
            Examples =
            {
                new Example("the highest rate of one worker on one core, to half a request per second", "saturate --local --cpu-limit 1 --rates none"),
                new Example("the report's table 4.1 against a running service", "saturate --target http://127.0.0.1:8080 --no-search"),
                new Example("a short table of higher rates", "saturate --local --cpu-limit 1 --rates 10,15,20 --durations 10s,20s,30s --no-search"),
            },
        };
        parts._requests.AddTo(command);
        foreach (var option in new Option[]
                 {
                     parts._rates, parts._durations, parts._noSearch, parts._goal, parts._probe, parts._precision, parts._start, parts._maximum, parts._arrivals,
                     parts._local, parts._cpuLimit,
                 })
            command.Options.Add(option);
        parts._output.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(parts._cpuLimit) is { Implicit: false } && result.GetResult(parts._local) is not { Implicit: false })
                result.AddError("--cpu-limit limits the worker that --local starts; give both or neither.");
            if (result.GetResult(parts._local) is { Implicit: false } && result.GetResult(parts._requests.Target.Target) is { Implicit: false })
                result.AddError("--local and --target exclude each other.");
        });
        command.SetAction(parts.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var plan = ReadPlan(parsed);
        var folder = _output.Prepare(parsed);
        var startedAt = TimeProvider.System.GetUtcNow();
        await using var cluster = parsed.GetValue(_local)
            ? await LocalClusterProcess.StartAsync(new LocalClusterSettings { CpuLimit = parsed.GetValue(_cpuLimit), QueueTarget = parsed.GetValue(_requests.Target.Slo) }, TimeProvider.System, interrupt)
            : null;
        var template = _requests.Plan(parsed, [], cluster is null ? null : new Uri(cluster.Address, "/predict"));
        var measurement = new SaturationRun(plan, template, parsed.GetValue(_arrivals), parsed.GetValue(_requests.Target.MaximumLag), Consoles.For(parsed.InvocationConfiguration.Error));
        var result = await measurement.RunAsync(!parsed.GetValue(_noSearch), interrupt);
        if (folder is not null)
        {
            var kept = new Measurement { MeasuredAt = startedAt, Command = CommandText.Of(parsed), Versions = Versions.Collect(), Saturation = result };
            await ReportFolder.WriteAsync(folder, kept, CancellationToken.None);
        }

        await _common.ShowAsync(parsed, result, SaturationTables.Write);
        return result.Valid ? ExitCodes.Good : ExitCodes.Failure;
    }

    private SaturationPlan ReadPlan(ParseResult parsed)
    {
        var errors = new List<string>();
        var rates = new List<double>();
        var text = parsed.GetValue(_rates)!;
        foreach (var word in text == "none" ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= 100_000)
                rates.Add(rate);
            else
                errors.Add($"--rates: '{word}' is not a rate above 0; expected such as 1,2,3 or none.");
        }

        var durations = new List<double>();
        foreach (var word in parsed.GetValue(_durations)!.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Durations.TryParse(word, out var duration) || duration <= TimeSpan.Zero)
                errors.Add($"--durations: '{word}' is not {Durations.Form}.");
            else if (durations.Count > 0 && duration.TotalSeconds <= durations[^1])
                errors.Add($"--durations: '{word}' is not longer than the one before; give them ascending.");
            else
                durations.Add(duration.TotalSeconds);
        }

        if (rates.Count == 0 && parsed.GetValue(_noSearch))
            errors.Add("--rates none and --no-search leave nothing to measure.");
        return errors.Count > 0 ? throw new UsageException(errors) : new SaturationPlan
        {
            Rates = rates,
            Durations = durations,
            Goal = parsed.GetValue(_goal) / 100,
            Probe = parsed.GetValue(_probe),
            Precision = parsed.GetValue(_precision),
            StartRate = parsed.GetValue(_start),
            MaximumRate = parsed.GetValue(_maximum),
        };
    }
}
