using Keda.Inference.ExternalScaler.Protos;

namespace Keda.Inference.ExternalScaler.Service;

/// <summary>
/// The one metric: its value is the number of replicas wanted and its target is 1, so that the HPA's ceil(value / target) is that number.
/// </summary>
internal static class MetricContract
{
    /// <summary>Trailer with the reason of the decision; KEDA ignores it, people and the cluster stand-in read it.</summary>
    public const string ReasonTrailer = "scaler-reason";

    /// <summary>Header of whoever only wants to know: what would be decided is answered and not kept. KEDA never sends it.</summary>
    public const string InspectHeader = "scaler-inspect";

    /// <summary>The metric's name; KEDA puts <c>s0-</c> and the like before it.</summary>
    public static string NameOf(string queue) => $"keda-inference-{queue}";

    public static GetMetricSpecResponse Spec(string queue)
    {
        var response = new GetMetricSpecResponse();
        response.MetricSpecs.Add(new MetricSpec { MetricName = NameOf(queue), TargetSize = 1, TargetSizeFloat = 1 });
        return response;
    }

    public static GetMetricsResponse Value(string queue, int replicas)
    {
        var response = new GetMetricsResponse();
        response.MetricValues.Add(
            new MetricValue { MetricName = NameOf(queue), MetricValue_ = replicas, MetricValueFloat = replicas });
        return response;
    }

    /// <summary>Trailers are ASCII.</summary>
    public static string Trailer(string reason) => string.Create(reason.Length, reason, static (span, text) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = text[i] switch { '×' => 'x', '≤' => '<', '≥' => '>', '−' => '-', >= ' ' and <= '~' => text[i], _ => '?' };
    });
}
