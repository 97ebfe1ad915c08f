using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Sending;
using Keda.Inference.LoadTest.Workloads;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Saturation;

/// <summary>Measures the table's columns and the search's probes one after the other; each ends only when all is answered.</summary>
internal sealed class SaturationRun(SaturationPlan plan, RunPlan template, ArrivalPattern arrivals, TimeSpan maximumLag, IAnsiConsole progress)
{
    private bool _valid = true;
    private string? _weights;

    public async Task<SaturationResult> RunAsync(bool search, CancellationToken interrupt)
    {
        var columns = new List<SaturationColumn>();
        foreach (var rate in plan.Rates)
        {
            var (recording, summary) = await MeasureAsync(rate, TimeSpan.FromSeconds(plan.Durations[^1]), interrupt);
            columns.Add(new SaturationColumn(rate, SaturationTable.Cells(recording.Records, plan.Durations), summary.Generator.Valid));
        }

        return new SaturationResult
        {
            Target = template.Target.ToString(),
            SloMs = template.Slo.TotalMilliseconds,
            Goal = plan.Goal,
            Seed = template.Seed,
            Table = columns,
            Search = search ? await RateSearch.FindAsync(plan, rate => ProbeAsync(rate, interrupt), interrupt) : null,
            Weights = _weights,
            Valid = _valid,
        };
    }

    private async Task<RateProbe> ProbeAsync(double rate, CancellationToken interrupt)
    {
        var (_, summary) = await MeasureAsync(rate, plan.Probe, interrupt);
        var share = summary.WithinSlo ?? 0;
        return new RateProbe(rate, share, summary.P99Ms, share >= plan.Goal);
    }

    private async Task<(RunRecording Recording, RunSummary Summary)> MeasureAsync(double rate, TimeSpan duration, CancellationToken interrupt)
    {
        var times = ArrivalSchedule.Create(ShapeText.Constant(rate, duration), arrivals, template.Seed);
        var signals = SignalOptions.Standard(new Uri(template.Target, "/metrics"));
        var recording = await ObservedRun.RunAsync(template with { Times = times }, signals, null, TimeProvider.System, interrupt);
        interrupt.ThrowIfCancellationRequested();
        var summary = Summariser.Summarise(recording, $"{rate:0.##}/s", maximumLag, []);
        _valid &= summary.Generator.Valid;
        _weights ??= summary.Weights;
        progress.MarkupLineInterpolated(
            $"[grey]{rate:0.##}/s for {duration.TotalSeconds:0}s: {summary.WithinSlo:P1} within {summary.SloMs:0} ms, {summary.Ok:P1} ok, p99 {summary.P99Ms:0} ms, lag p99 {summary.Generator.LagP99Ms:0.0} ms[/]");
        return (recording, summary);
    }
}
