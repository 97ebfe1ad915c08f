using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Output;
using Keda.Inference.LoadTest.Reporting;
using Keda.Inference.LoadTest.Sending;
using Keda.Inference.LoadTest.Workloads;

namespace Keda.Inference.LoadTest.Commands;

/// <summary><c>run</c>: sends the load and measures what comes back.</summary>
internal sealed class RunCommand
{
    private readonly CommonOptions _common;
    private readonly WorkloadOptions _workload = new();
    private readonly RequestOptions _requests = new();
    private readonly SignalOptions _signals = new();
    private readonly Option<string[]> _thresholds = new("--threshold")
    {
        Description = "Condition on the result, repeatable: 'p99<500ms', 'ok>99.9%', 'error<5'. A missed one makes the exit code 99.",
        HelpName = "CONDITION",
    };

    private readonly OutputOption _output = new("report.html, charts, summary.json, requests.csv, seconds.csv, latency.hlog, latency.hgrm and calibration.json (for simulate)");

    private RunCommand(CommonOptions common) => _common = common;

    public static Command Create(CommonOptions common)
    {
        var parts = new RunCommand(common);
        var command = new DocumentedCommand("run", "Sends a load in open loop and measures latency from the intended send times.")
        {
            Examples =
            {
                new Example("20 requests a second for half a minute", "run --rate 20 --duration 30s"),
                new Example("the project's own load, ten times shorter, its result kept", "run --time-scale 0.1 --output results"),
                new Example("a gate for CI: exit code 99 when it is missed", "run --step 5:30s,35:60s --threshold 'p99<500ms' --threshold 'ok>99.9%'"),
                new Example("own pictures whose names carry labels, for the accuracy", "run --rate 5 --images ./imagenet-sample"),
            },
        };
        parts._workload.AddTo(command);
        parts._requests.AddTo(command);
        parts._signals.AddTo(command);
        command.Options.Add(parts._thresholds);
        parts._output.AddTo(command);
        command.SetAction(parts.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupt)
    {
        var thresholds = (parsed.GetValue(_thresholds) ?? []).Select(Threshold.Parse).ToList();
        var folder = _output.Prepare(parsed);
        var load = _workload.Read(parsed);
        var plan = _requests.Plan(parsed, load.Schedule(parsed.GetValue(_requests.Seed)));
        if (plan.Times.Length == 0)
            throw new UsageException("The load has no request; give a higher rate or a longer duration.");

        var recording = await ObservedRun.RunAsync(plan, _signals.Read(parsed, plan.Target), Consoles.For(parsed.InvocationConfiguration.Error), TimeProvider.System, interrupt);
        var summary = Summariser.Summarise(recording, load.Name, parsed.GetValue(_requests.Target.MaximumLag), thresholds);
        if (folder is not null)
        {
            await RunFolder.WriteAsync(folder, recording, summary, CancellationToken.None);
            await ReportFolder.WriteAsync(folder, MeasurementOf(parsed, recording, summary, load.Seconds), CancellationToken.None);
        }

        await _common.ShowAsync(parsed, summary, RunTables.Write);
        if (!recording.Interrupted && Array.TrueForAll(recording.Records, record => record.Status == 0))
            throw new FailureException($"No request got an answer from {plan.Target}. Is the service running there?");
        return ExitCodeOf(summary);
    }

    private static Measurement MeasurementOf(ParseResult parsed, RunRecording recording, RunSummary summary, double seconds)
    {
        var run = new MeasuredRun
        {
            Policy = "run",
            Recording = recording,
            // Who scales is not known here; the target's own gauge is.
            Samples = [.. recording.Signals.Select(signal => new ReplicaSample(recording.StartedAt.AddSeconds(signal.Seconds), (int?)signal.Replicas, null))],
            Decisions = [],
            DurationSeconds = Math.Min(seconds, recording.Records.Length == 0 ? seconds : Math.Ceiling(recording.Records[^1].Intended)),
            CoresPerReplica = null,
            CpuSource = null,
        };
        return new Measurement
        {
            MeasuredAt = recording.StartedAt,
            Command = CommandText.Of(parsed),
            Versions = Versions.Collect(),
            Run = summary,
            Timelines = [run.ToTimeline()],
        };
    }

    private static int ExitCodeOf(RunSummary summary)
    {
        // Thresholds judge a whole run: of one that was cut short nobody knows whether the rest would have met them.
        if (summary.Interrupted || !summary.Generator.Valid || summary.Total == 0)
            return ExitCodes.Failure;
        return summary.Thresholds.All(threshold => threshold.Met) ? ExitCodes.Good : ExitCodes.ThresholdMissed;
    }
}
