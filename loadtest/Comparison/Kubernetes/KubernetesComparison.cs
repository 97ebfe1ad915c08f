using System.Text.Json.Nodes;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Sending;
using Spectre.Console;

namespace Keda.Inference.LoadTest.Comparison.Kubernetes;

/// <summary>Runs one autoscaler on a cluster: applies it, waits until all is quiet, sends the load and records replicas and CPU.</summary>
internal sealed class KubernetesComparison(KubernetesCluster cluster, TimeSpan quietLimit, IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task<MeasuredRun> RunAsync(string policy, ScaledObjectFile file, RunPlan plan, double durationSeconds, CancellationToken interrupt)
    {
        // Nobody scales while the replicas are set; then the autoscaler begins with no past.
        await cluster.RemoveAsync(file, interrupt);
        await cluster.ScaleAsync(file, file.QuietReplicas, interrupt);
        if (file.StaticReplicas is null)
            await cluster.CreateAsync(file, file.Object, interrupt);

        var signals = SignalOptions.Standard(new Uri(plan.Target, "/metrics"));
        await WaitUntilQuietAsync(policy, file, signals, interrupt);

        var decisions = new List<(DateTimeOffset, string)>();
        int? wanted = null;
        using var over = new CancellationTokenSource();
        var sampler = new ReplicaSampler(
            async cancellation =>
            {
                var state = await cluster.ReadAsync(file, cancellation);
                var now = time.GetUtcNow();
                if (wanted is { } before && before != state.Wanted)
                    decisions.Add((now, $"replicas {before} -> {state.Wanted}"));
                wanted = state.Wanted;
                return new ReplicaSample(now, state.Existing, await cluster.CpuCoresAsync(file, state.Selector, cancellation));
            },
            time);
        var sampling = Task.Run(() => sampler.RunAsync(over.Token), CancellationToken.None);
        RunRecording recording;
        try
        {
            recording = await ObservedRun.RunAsync(plan, signals, console, time, interrupt);
        }
        finally
        {
            await over.CancelAsync();
        }

        var samples = await sampling;
        return new MeasuredRun
        {
            Policy = policy,
            Recording = recording,
            Samples = samples,
            Decisions = decisions,
            DurationSeconds = durationSeconds,
            CoresPerReplica = null,
            CpuSource = samples.Any(sample => sample.CpuCores is not null) ? "metrics API" : null,
        };
    }

    /// <summary>Every autoscaler starts alike: KEDA has taken it up, nothing waits, and its least replicas are ready.</summary>
    private async Task WaitUntilQuietAsync(string policy, ScaledObjectFile file, SignalSource signals, CancellationToken interrupt)
    {
        console.MarkupLineInterpolated($"[bold]{policy}[/]: waiting for an empty queue and {file.QuietReplicas} ready replicas");
        var started = time.GetTimestamp();
        using var poller = new SignalPoller(signals, new LiveCounters(time), time);
        using var timer = new PeriodicTimer(Interval, time);
        while (true)
        {
            var state = await cluster.ReadAsync(file, interrupt);
            var sample = await poller.SampleAsync(interrupt);
            var taken = file.StaticReplicas is not null || IsReady(await cluster.FindAsync(file, interrupt));
            if (taken && state.Wanted == file.QuietReplicas && state.Existing == file.QuietReplicas && state.Ready == file.QuietReplicas && sample.Waiting is 0)
                return;
            if (time.GetElapsedTime(started) > quietLimit)
                throw new FailureException(
                    $"{policy}: not quiet after {quietLimit.TotalMinutes:0.#} minutes: {state.Wanted} replicas wanted, {state.Existing} there, {state.Ready} ready ({file.QuietReplicas} expected), {(taken ? "" : "the ScaledObject not Ready (kubectl describe scaledobject says why), ")}"
                    + $"queue {(sample.Waiting is { } waiting ? $"{waiting:0}" : $"unknown (is {signals.Pages[0]} reachable?)")}.");
            await timer.WaitForNextTickAsync(interrupt);
        }
    }

    /// <summary>KEDA's condition Ready: the triggers are good, and the HPA is made.</summary>
    private static bool IsReady(JsonObject? scaledObject) =>
        scaledObject?["status"]?["conditions"] is JsonArray conditions
        && conditions.Any(condition => (string?)condition?["type"] == "Ready" && (string?)condition["status"] == "True");
}
