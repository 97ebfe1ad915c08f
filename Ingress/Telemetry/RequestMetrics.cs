using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Telemetry;

/// <summary>Counts every request by its route's pattern (never by its path: that would be unbounded).</summary>
internal sealed class RequestMetrics(RequestDelegate next, IngressMetrics metrics, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var started = time.GetTimestamp();
        metrics.RequestsInFlight.Inc();
        try
        {
            await next(http);
        }
        finally
        {
            metrics.RequestsInFlight.Dec();
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            metrics.Answered(route, http.Response.StatusCode, time.GetElapsedTime(started));
            if (http.Features.Get<IProblemFeature>() is { Kind: { Status: >= 400 and < 500 or 503 } kind })
                metrics.Rejected(kind.Slug);
        }
    }
}
