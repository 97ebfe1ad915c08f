using Keda.Inference.Ingress.Health;
using Keda.Inference.Ingress.Live;
using Keda.Inference.Ingress.Requests;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.Ingress.Telemetry;
using Prometheus;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>Every address.</summary>
internal static class IngressRoutes
{
    public static void MapIngress(this WebApplication app)
    {
        app.MapGet("/livez", HealthEndpoints.Live);
        app.MapGet("/readyz", (HealthEndpoints health) => health.Ready());
        app.MapMetrics("/metrics", app.Services.GetRequiredService<IngressMetrics>().Registry);
        app.MapPost("/predict", (HttpContext http, PredictEndpoint predict) => predict.HandleAsync(http, null));
        app.MapPost("/functions/{function}/predict", (HttpContext http, string function, PredictEndpoint predict) =>
            predict.HandleAsync(http, function));
        app.MapGet("/requests/{id}", (HttpContext http, string id, RequestEndpoints requests) => requests.GetAsync(http, id));
        app.MapDelete("/requests/{id}", (HttpContext http, string id, RequestEndpoints requests) => requests.DeleteAsync(http, id));
        app.MapGet("/live", (HttpContext http, string? function, LiveEndpoint live) => live.Handle(http, function));
    }
}
