using Prometheus;

namespace Keda.Inference.Ingress.Telemetry;

/// <summary>The metrics of this service, in a registry of its own.</summary>
internal sealed class IngressMetrics
{
    private static readonly double[] s_seconds = [.005, .01, .02, .035, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 1.5, 2, 3, 5, 10, 30, 60];
    private static readonly double[] s_depths = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
    private readonly Counter _requests;
    private readonly Histogram _duration;
    private readonly Histogram _depth;
    private readonly Counter _rejected;
    private readonly Gauge _waiting;
    private readonly Gauge _inFlight;
    private readonly Gauge _deadLetters;
    private readonly Counter _callbacks;

    public IngressMetrics()
    {
        Registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(Registry);
        var factory = Metrics.WithCustomRegistry(Registry);
        _requests = factory.CreateCounter("keda_inference_ingress_requests_total", "Requests answered.", "route", "status");
        _duration = factory.CreateHistogram(
            "keda_inference_ingress_request_duration_seconds", "From the first byte to the answer.", ["route"], new() { Buckets = s_seconds });
        RequestsInFlight = factory.CreateGauge("keda_inference_ingress_requests_in_flight", "Requests being answered.");
        _depth = factory.CreateHistogram(
            "keda_inference_ingress_queue_depth_at_accept", "Jobs waiting when one was accepted, itself included.", ["queue"],
            new() { Buckets = s_depths });
        _rejected = factory.CreateCounter("keda_inference_ingress_rejected_total", "Requests refused, by the slug of the error's type.", "cause");
        _waiting = factory.CreateGauge("keda_inference_ingress_queue_waiting", "Jobs waiting, not yet claimed.", "queue");
        _inFlight = factory.CreateGauge("keda_inference_ingress_queue_in_flight", "Jobs under a lease.", "queue");
        _deadLetters = factory.CreateGauge("keda_inference_ingress_queue_dead_letters", "Dead letters kept.", "queue");
        _callbacks = factory.CreateCounter("keda_inference_ingress_callbacks_total", "Tries to deliver a callback.", "outcome");
        BufferedBytes = factory.CreateGauge("keda_inference_ingress_buffered_bytes", "Memory that bodies take before they are in the queue.");
    }

    public CollectorRegistry Registry { get; }

    public Gauge RequestsInFlight { get; }

    public Gauge BufferedBytes { get; }

    public void Answered(string route, int status, TimeSpan duration)
    {
        _requests.WithLabels(route, status.ToString()).Inc();
        _duration.WithLabels(route).Observe(duration.TotalSeconds);
    }

    public void Accepted(string queue, long depth) => _depth.WithLabels(queue).Observe(depth);

    public void Rejected(string cause) => _rejected.WithLabels(cause).Inc();

    public void Callback(string outcome) => _callbacks.WithLabels(outcome).Inc();

    public void Queue(string queue, WorkQueue.QueueSignals signals)
    {
        _waiting.WithLabels(queue).Set(signals.Waiting);
        _inFlight.WithLabels(queue).Set(signals.InFlight);
        _deadLetters.WithLabels(queue).Set(signals.DeadLetters);
    }

    /// <summary>Values that are not known are taken away, not left standing.</summary>
    public void QueueUnknown(string queue)
    {
        _waiting.RemoveLabelled(queue);
        _inFlight.RemoveLabelled(queue);
        _deadLetters.RemoveLabelled(queue);
    }
}
