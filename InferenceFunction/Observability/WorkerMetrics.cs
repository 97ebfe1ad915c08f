using Keda.Inference.InferenceFunction.Models;
using Prometheus;

namespace Keda.Inference.InferenceFunction.Observability;

/// <summary>What the worker counts and measures.</summary>
internal sealed class WorkerMetrics
{
    // Dense around the latency target of half a second.
    private static readonly double[] s_latencies =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60];

    private static readonly double[] s_stages =
        [0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.25, 0.5, 1, 2.5];

    private readonly Counter _jobs;
    private readonly Gauge _model;

    public WorkerMetrics()
    {
        Registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(Registry);
        _jobs = factory.CreateCounter(
            "keda_inference_worker_jobs_total", "Jobs ended, by outcome: succeeded, rejected, failed, dead_lettered, expired, stale or released.", "outcome");
        foreach (var outcome in (ReadOnlySpan<string>)["succeeded", "rejected", "failed", "dead_lettered", "expired", "stale", "released"])
            _jobs.WithLabels(outcome);
        QueueWait = Seconds(factory, "queue_wait_seconds", "From a job's arrival to its claim.", s_latencies);
        Preprocess = Seconds(factory, "preprocess_seconds", "Decoding, resizing and normalising one picture.", s_stages);
        Inference = Seconds(factory, "inference_seconds", "One inference of a batch.", s_stages);
        Total = Seconds(factory, "total_seconds", "From a job's arrival to its end.", s_latencies);
        BatchSize = factory.CreateHistogram(
            "keda_inference_worker_batch_size", "Pictures in one inference.",
            new HistogramConfiguration { Buckets = [1, 2, 4, 8, 16, 32, 64, 128, 256] });
        InFlight = factory.CreateGauge("keda_inference_worker_in_flight", "Jobs claimed and not ended.");
        BusySeconds = factory.CreateCounter("keda_inference_worker_busy_seconds_total", "Seconds spent on decoding and computing.");
        _model = factory.CreateGauge("keda_inference_worker_model_info", "The model that is served; always 1.", "model", "weights", "precision");
        DotNetStats.Register(Registry);
    }

    public CollectorRegistry Registry { get; }

    public Histogram QueueWait { get; }

    public Histogram Preprocess { get; }

    public Histogram Inference { get; }

    public Histogram Total { get; }

    public Histogram BatchSize { get; }

    public Gauge InFlight { get; }

    public Counter BusySeconds { get; }

    public void Ended(string outcome) => _jobs.WithLabels(outcome).Inc();

    public void Serves(ModelInfo model) => _model.WithLabels(model.Name, model.Weights, model.Precision.ToWord()).Set(1);

    private static Histogram Seconds(MetricFactory factory, string name, string help, double[] buckets) =>
        factory.CreateHistogram($"keda_inference_worker_{name}", help, new HistogramConfiguration { Buckets = buckets });
}
