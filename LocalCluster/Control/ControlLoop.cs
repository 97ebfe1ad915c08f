using Grpc.Core;
using Keda.Inference.LocalCluster.Hpa;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LocalCluster;

/// <summary>Stands in for KEDA's operator and the HPA controller.</summary>
internal sealed class ControlLoop(
    ClusterOptions options, ScaleTarget target, WorkerFleet fleet, ScalerClient scaler, ILocalScale record, ClusterConsole console, TimeProvider time)
{
    // KEDA reconnects its push stream after 2 s at first.
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);
    private readonly CpuMeter _cpu = new(time);
    private readonly HpaState _state = new();
    private readonly KedaActivation _activation = new()
    {
        MinReplicas = options.Min, MaxReplicas = options.Max, CooldownPeriod = TimeSpan.FromSeconds(options.CooldownPeriod),
    };

    private string? _lastTrouble;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (options.Policy == "none")
            return;
        List<Task> loops = [EveryAsync(options.SyncPeriod, SyncAsync, cancellation)];
        if (options.AsksScaler)
        {
            loops.Add(EveryAsync(options.Poll, PollAsync, cancellation));
            loops.Add(FollowPushAsync(cancellation));
            loops.Add(FollowFastLaneAsync(cancellation));
        }

        // None ends by itself: the first that does has failed.
        await await Task.WhenAny(loops);
    }

    private async Task EveryAsync(double seconds, Func<CancellationToken, Task> act, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds), time);
        do
        {
            await act(cancellation);
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    // KEDA's own poll moves only between none and the minimum.
    private async Task PollAsync(CancellationToken cancellation)
    {
        var answer = await AskAsync(cancellation);
        await target.ChangeAsync(
            current => _activation.OnPoll(answer?.Active, current, time.GetUtcNow()),
            (_, to) => Task.FromResult(to == 0 ? "KEDA: not active for the cooldown period" : "KEDA: active"), cancellation);
    }

    private async Task SyncAsync(CancellationToken cancellation)
    {
        var replicas = fleet.Wanted();
        HpaMetric metric;
        string? reason = null;
        if (options.CpuTarget is { } percent)
        {
            metric = new CpuUtilizationMetric(percent, _cpu.Sample(replicas));
        }
        else
        {
            var answer = await AskAsync(cancellation);
            reason = answer?.Reason;
            metric = new ExternalAverageMetric(answer?.Value, answer?.Target ?? 1);
        }

        var spec = new HpaSpec
        {
            MinReplicas = _activation.HpaMinReplicas,
            MaxReplicas = options.Max,
            Behavior = HpaBehavior.Of(options.Policy),
            Flags = new HpaControllerFlags { SyncPeriod = TimeSpan.FromSeconds(options.SyncPeriod) },
        };
        HpaResult? result = null;
        await target.ChangeAsync(
            current =>
            {
                result = HpaController.Compute([metric], Pods(replicas), current, spec, _state, time.GetUtcNow());
                return result.Replicas;
            },
            // The answer may only repeat an earlier decision; the one that is kept says why.
            async (_, _) => metric is CpuUtilizationMetric cpu
                ? CpuReason(cpu, result!)
                : await scaler.ReasonAsync(reason ?? $"HPA: {result!.Message}", cancellation),
            cancellation);
    }

    private async Task FollowPushAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (var active in scaler.StreamAsync(cancellation))
                {
                    if (active)
                    {
                        await target.ChangeAsync(
                            current => _activation.OnPush(current, time.GetUtcNow()), (_, _) => Task.FromResult("KEDA: pushed active"), cancellation);
                    }
                }
            }
            catch (RpcException) when (!cancellation.IsCancellationRequested)
            {
                // the poll says what is wrong
            }

            await Task.Delay(Reconnect, time, cancellation);
        }
    }

    private async Task FollowFastLaneAsync(CancellationToken cancellation)
    {
        await foreach (var raised in record.WatchAsync(cancellation))
        {
            await target.ChangeAsync(
                current => Math.Max(current, Math.Min(raised.Replicas, options.Max)),
                async (_, _) => "fast lane: " + await scaler.ReasonAsync("raised by the scaler", cancellation), cancellation);
        }
    }

    private async Task<ScalerAnswer?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            var answer = await scaler.AskAsync(cancellation);
            _lastTrouble = null;
            return answer;
        }
        catch (RpcException failed) when (failed.StatusCode == StatusCode.InvalidArgument)
        {
            throw new ClusterException(failed.Status.Detail, ClusterProgram.Usage);
        }
        catch (RpcException failed) when (!cancellation.IsCancellationRequested)
        {
            // Once for each trouble, not at each poll.
            var trouble = $"the scaler does not answer: {failed.StatusCode}: {failed.Status.Detail}";
            if (_lastTrouble != trouble)
                console.Line(trouble);
            _lastTrouble = trouble;
            return null;
        }
    }

    private HpaPod[] Pods(IReadOnlyList<Replica> replicas) =>
    [
        .. replicas.Select(replica => new HpaPod
        {
            Name = replica.Name,
            StartTime = replica.StartedAt,
            Ready = replica.IsReady,
            ReadyChangedAt = replica.ReadyChangedAt,
            CpuRequestMillicores = (long)((options.CpuLimit ?? 1) * 1000),
        }),
    ];

    private string CpuReason(CpuUtilizationMetric metric, HpaResult result)
    {
        var used = metric.Samples is { Count: > 0 } samples ? samples.Values.Average(sample => sample.Millicores) : double.NaN;
        var utilisation = used / ((options.CpuLimit ?? 1) * 10);
        return $"HPA: CPU {utilisation:0}% of the request, target {metric.TargetUtilization}%: {result.Message}";
    }
}
