using System.Collections.Concurrent;
using Grpc.Core;
using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.WorkQueue;
using Prometheus;

namespace Keda.Inference.ExternalScaler.Telemetry;

/// <summary>The process' Prometheus metrics. Those of a ScaledObject vanish when nobody has asked for it for ten minutes.</summary>
internal sealed class ScalerMetrics : IDecisionObserver
{
    private const string Prefix = "keda_inference_scaler_";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly string[] Labels = ["namespace", "scaledobject", "queue", "policy"];

    private readonly Gauge _desired;
    private readonly Gauge _current;
    private readonly Gauge _ready;
    private readonly Gauge _waiting;
    private readonly Gauge _inFlight;
    private readonly Counter _decisions;
    private readonly Counter _patches;
    private readonly Counter _rpcs;
    private readonly Histogram _durations;
    private readonly Gauge _streams;
    private readonly Counter _roundTrips;
    private readonly ConcurrentDictionary<(ScaledObjectKey Key, string Policy), Latest> _latest = new();
    private readonly TimeProvider _time;

    public ScalerMetrics(TimeProvider time)
    {
        _time = time;
        Registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(Registry);
        _desired = factory.CreateGauge(Prefix + "desired_replicas", "Replicas the policy wants.", Labels);
        _current = factory.CreateGauge(Prefix + "current_replicas", "Replicas asked for (spec.replicas).", Labels);
        _ready = factory.CreateGauge(Prefix + "ready_replicas", "Replicas that are ready.", Labels);
        _waiting = factory.CreateGauge(Prefix + "waiting", "Jobs waiting at the last evaluation.", Labels);
        _inFlight = factory.CreateGauge(Prefix + "in_flight", "Jobs in flight at the last evaluation.", Labels);
        _decisions = factory.CreateCounter(Prefix + "decisions_total", "Decisions kept, by reason.", [.. Labels, "reason"]);
        _patches = factory.CreateCounter(Prefix + "fast_lane_patches_total", "Raises of the target by the fast lane.", Labels);
        _rpcs = factory.CreateCounter(Prefix + "rpcs_total", "Calls, by method and status.", "method", "status");
        _durations = factory.CreateHistogram(
            Prefix + "rpc_duration_seconds", "Duration of unary calls.", ["method"],
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.00025, 2, 13) });
        _streams = factory.CreateGauge(Prefix + "streams_open", "Open StreamIsActive calls.");
        _roundTrips = factory.CreateCounter(Prefix + "store_round_trips_total", "Round trips to Redis that a call waited for.");
        Registry.AddBeforeCollectCallback(Fill);
    }

    /// <summary>What <c>/metrics</c> shows.</summary>
    public CollectorRegistry Registry { get; }

    /// <summary>Counts the open streams.</summary>
    public IDisposable StreamOpened() => _streams.TrackInProgress();

    /// <summary>Counts a call; streams have no duration worth a histogram.</summary>
    public void Rpc(string method, StatusCode status, TimeSpan? elapsed)
    {
        // "/externalscaler.ExternalScaler/GetMetrics"
        var name = method[(method.LastIndexOf('/') + 1)..];
        _rpcs.WithLabels(name, status.ToString()).Inc();
        if (elapsed is { } duration)
            _durations.WithLabels(name).Observe(duration.TotalSeconds);
    }

    /// <inheritdoc/>
    public void Evaluated(Evaluation evaluation, bool decided)
    {
        _latest[(evaluation.Key, evaluation.Policy)] = new Latest(
            evaluation.Decision.DesiredReplicas, evaluation.Scale.CurrentReplicas, evaluation.Scale.ReadyReplicas, evaluation.Signals.Waiting,
            evaluation.Signals.InFlight, _time.GetTimestamp());
        if (decided)
            _decisions.WithLabels([.. LabelsOf(evaluation.Key, evaluation.Policy), evaluation.Decision.ReasonCode]).Inc();
    }

    /// <inheritdoc/>
    public void Waits() => _roundTrips.Inc();

    /// <summary>Shows a ScaledObject on the fast lane with its count, 0 at first, so that a rise can be seen.</summary>
    public void OnFastLane(ScaledObjectKey key, string policy) => _patches.WithLabels(LabelsOf(key, policy));

    /// <summary>Counts a raise by the fast lane.</summary>
    public void Raised(ScaledObjectKey key, string policy) => _patches.WithLabels(LabelsOf(key, policy)).Inc();

    // Gauges are filled when somebody looks, which is far rarer than evaluations.
    private void Fill()
    {
        foreach (var (name, latest) in _latest)
        {
            var labels = LabelsOf(name.Key, name.Policy);
            if (_time.GetElapsedTime(latest.At) > Lifetime)
            {
                _latest.TryRemove(new(name, latest));
                Forget(labels);
                continue;
            }
            _desired.WithLabels(labels).Set(latest.Desired);
            _current.WithLabels(labels).Set(latest.Current);
            _ready.WithLabels(labels).Set(latest.Ready);
            _waiting.WithLabels(labels).Set(latest.Waiting);
            _inFlight.WithLabels(labels).Set(latest.InFlight);
        }
    }

    private void Forget(string[] labels)
    {
        foreach (var gauge in new[] { _desired, _current, _ready, _waiting, _inFlight })
            gauge.RemoveLabelled(labels);
        _patches.RemoveLabelled(labels);
        foreach (var reason in ReasonCodes.All)
            _decisions.RemoveLabelled([.. labels, reason]);
    }

    private static string[] LabelsOf(ScaledObjectKey key, string policy) => [key.Namespace, key.Name, key.Queue, policy];

    private sealed record Latest(int Desired, int Current, int Ready, long Waiting, long InFlight, long At);
}
