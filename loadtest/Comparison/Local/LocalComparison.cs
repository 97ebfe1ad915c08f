using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Local;
using Keda.Inference.LoadTest.Sending;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Comparison.Local;

/// <summary>Real workers on this machine: a fresh LocalCluster for each autoscaler and seed, one after the other.</summary>
internal sealed class LocalComparison(IAnsiConsole console, TimeProvider time)
{
    public async Task<MeasuredRun> RunAsync(
        string policy, LocalClusterSettings settings, RunPlan plan, double durationSeconds, CancellationToken interrupt)
    {
        console.MarkupLineInterpolated($"[bold]{policy}[/], seed {plan.Seed}: starting LocalCluster");
        await using var cluster = await LocalClusterProcess.StartAsync(settings, time, interrupt);
        var aimed = plan with { Target = new Uri(cluster.Address, "/predict") };
        using var over = new CancellationTokenSource();
        var cpu = new WorkerCpu(() => WorkerProcesses.Of(cluster.Id, settings.WorkerName), time);
        var sampler = WorkerProcesses.Supported
            ? new ReplicaSampler(_ => Task.FromResult(cpu.Sample()), time)
            : new ReplicaSampler(_ => Task.FromResult(new ReplicaSample(time.GetUtcNow(), null, null)), time);
        // On a thread of the pool from the start, so that reading /proc never runs on the sender's way.
        var sampling = Task.Run(() => sampler.RunAsync(over.Token), CancellationToken.None);
        RunRecording recording;
        try
        {
            var signals = SignalOptions.Standard(new Uri(cluster.Address, "/metrics"), cluster.ScalerMetrics);
            recording = await ObservedRun.RunAsync(aimed, signals, console, time, interrupt);
        }
        finally
        {
            await over.CancelAsync();
        }

        return new MeasuredRun
        {
            Policy = policy,
            Recording = recording,
            Samples = await sampling,
            Decisions = cluster.Decisions,
            Starts = cluster.Starts,
            FirstLookAt = cluster.ReadyAt,
            DurationSeconds = durationSeconds,
            CoresPerReplica = settings.CpuLimit,
            CpuSource = WorkerProcesses.Supported ? "process accounting" : null,
        };
    }
}
