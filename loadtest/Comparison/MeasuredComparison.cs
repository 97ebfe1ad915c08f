using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Pictures;
using Keda.Inference.LoadTest.Sending;
using Keda.Inference.LoadTest.Workloads;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>What each real run of a comparison shares.</summary>
internal sealed record ComparisonPlan
{
    public required IReadOnlyList<string> Policies { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    public required Workload Load { get; init; }

    public required Func<int, IReadOnlyList<Picture>> Pictures { get; init; }

    public required TimeSpan Slo { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required TimeSpan MaximumLag { get; init; }

    public RunPlan RunOf(int seed, Uri target) => new()
    {
        Target = target,
        Times = Load.Schedule(seed),
        Pictures = Pictures(seed),
        Seed = seed,
        Slo = Slo,
        Timeout = Timeout,
    };
}

/// <param name="Runs">Every run, policy by policy, seed by seed.</param>
/// <param name="Interrupted">Not all runs were made.</param>
/// <param name="WorstLagP99Ms">The generator's lag in its worst run.</param>
/// <param name="Valid">Whether the generator kept its times in every run.</param>
internal sealed record ComparisonRuns(IReadOnlyList<MeasuredRun> Runs, bool Interrupted, double? WorstLagP99Ms, bool Valid)
{
    /// <summary>Means over the seeds of each policy, in the order in which they ran.</summary>
    public IReadOnlyList<PolicyResult> Results(TimeSpan slo, double? price) =>
    [
        .. Runs.GroupBy(run => run.Policy).Select(policy =>
            PolicySummary.Of(policy.Key, [.. policy.Select(run => run.ToMeasurement())], slo.TotalSeconds, price)),
    ];
}

/// <summary>Runs autoscalers one after the other with the same requests at the same moments.</summary>
internal static class MeasuredComparison
{
    /// <param name="plan">What is run.</param>
    /// <param name="runOne">Runs one policy with one seed, interruptible.</param>
    /// <param name="console">Where progress goes.</param>
    /// <param name="interrupt">Ends the run that goes on; runs that are complete are kept.</param>
    public static async Task<ComparisonRuns> RunAsync(
        ComparisonPlan plan, Func<string, int, CancellationToken, Task<MeasuredRun>> runOne, IAnsiConsole console, CancellationToken interrupt)
    {
        var runs = new List<MeasuredRun>();
        double? worst = null;
        var valid = true;
        foreach (var policy in plan.Policies)
        {
            foreach (var seed in plan.Seeds)
            {
                try
                {
                    var run = await runOne(policy, seed, interrupt);
                    if (run.Recording.Interrupted)
                        return new ComparisonRuns(runs, true, worst, valid);
                    var summary = Summariser.Summarise(run.Recording, plan.Load.Name, plan.MaximumLag, []);
                    console.MarkupLineInterpolated(
                        $"[bold]{policy}[/], seed {seed}: {summary.WithinSlo:P1} within {summary.SloMs:0} ms, {summary.Ok:P1} answered, p99 {summary.P99Ms:0} ms, generator lag p99 {summary.Generator.LagP99Ms:0.0} ms");
                    runs.Add(run);
                    valid &= summary.Generator.Valid;
                    worst = Math.Max(worst ?? 0, summary.Generator.LagP99Ms ?? 0);
                }
                catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
                {
                    return new ComparisonRuns(runs, true, worst, valid);
                }
            }
        }

        return new ComparisonRuns(runs, false, worst, valid);
    }
}
