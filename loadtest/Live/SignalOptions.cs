using System.CommandLine;

namespace Keda.Inference.LoadTest.Live;

/// <summary>Where queue depth and replicas are read while a run goes on.</summary>
internal sealed class SignalOptions
{
    private static readonly string[] Waiting = ["keda_inference_ingress_queue_waiting", "keda_inference_scaler_waiting"];
    private static readonly string[] InFlight = ["keda_inference_ingress_queue_in_flight", "keda_inference_scaler_in_flight"];
    private static readonly string[] Replicas = ["keda_inference_ingress_queue_workers", "keda_inference_scaler_ready_replicas", "keda_inference_scaler_current_replicas"];

    public Option<string[]> Metrics { get; } = new("--metrics")
    {
        Description = "Prometheus page to read queue and replicas from; repeatable. Default: /metrics of the target.",
        HelpName = "URL",
    };

    public Option<string?> QueueMetric { get; } = new("--queue-metric") { Description = $"Gauge of waiting requests. Default: {Waiting[0]}.", HelpName = "NAME" };

    public Option<string?> ReplicasMetric { get; } = new("--replicas-metric") { Description = $"Gauge of replicas. Default: {Replicas[0]}.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Options.Add(Metrics);
        command.Options.Add(QueueMetric);
        command.Options.Add(ReplicasMetric);
        command.Validators.Add(result =>
        {
            foreach (var url in result.GetResult(Metrics)?.Tokens ?? [])
            {
                if (!Uri.TryCreate(url.Value, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
                    result.AddError($"--metrics: '{url.Value}' is not an http(s) URL.");
            }
        });
    }

    public SignalSource Read(ParseResult parsed, Uri target)
    {
        var pages = parsed.GetValue(Metrics) is { Length: > 0 } given ? given.Select(url => new Uri(url)) : [new Uri(target, "/metrics")];
        return new SignalSource(
            [.. pages],
            parsed.GetValue(QueueMetric) is { } queue ? [queue] : Waiting,
            InFlight,
            parsed.GetValue(ReplicasMetric) is { } replicas ? [replicas] : Replicas,
            new Uri(target, "/live"));
    }

    /// <summary>The project's own metrics on the given pages.</summary>
    public static SignalSource Standard(params Uri[] pages) => new(pages, Waiting, InFlight, Replicas, new Uri(pages[0], "/live"));
}

/// <param name="Pages">Prometheus pages, asked in turn for what the ones before do not show.</param>
/// <param name="Waiting">Names the gauge of waiting requests may have, best first.</param>
/// <param name="InFlight">Names the gauge of claimed requests may have.</param>
/// <param name="Replicas">Names the gauge of replicas may have.</param>
/// <param name="Events">The ingress' server-sent events, which know replicas better than any gauge; null for none.</param>
internal sealed record SignalSource(
    IReadOnlyList<Uri> Pages, IReadOnlyList<string> Waiting, IReadOnlyList<string> InFlight, IReadOnlyList<string> Replicas, Uri? Events);
