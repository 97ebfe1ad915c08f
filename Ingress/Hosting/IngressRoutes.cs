using Keda.Inference.Ingress.Documentation;
using Keda.Inference.Ingress.Health;
using Keda.Inference.Ingress.Live;
using Keda.Inference.Ingress.OpenInference;
using Keda.Inference.Ingress.Page;
using Keda.Inference.Ingress.Requests;
using Keda.Inference.Ingress.Security;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.Ingress.Telemetry;
using Prometheus;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>Every address.</summary>
internal static class IngressRoutes
{
    public static void MapIngress(this WebApplication app)
    {
        app.MapSubmission();
        app.MapProtocol();
        app.MapGet("/livez", HealthEndpoints.Live).WithTags("Health").WithSummary("Whether the process lives").Produces(200);
        app.MapGet("/readyz", (HealthEndpoints health) => health.Ready())
            .WithTags("Health").WithSummary("Whether requests should be sent here").Produces(200).Produces(503);
        app.MapMetrics("/metrics", app.Services.GetRequiredService<IngressMetrics>().Registry);
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapPage();
    }

    private static void MapSubmission(this WebApplication app)
    {
        var calls = app.MapGroup("").RequireAuthorization(Authentication.Policy);
        calls.MapPost("/predict", (HttpContext http, PredictEndpoint predict) => predict.HandleAsync(http, null))
            .WithTags("Predict").WithSummary("Classify a picture").WithMetadata(ApiOperations.Predict)
            .Produces<PredictionResponse>().Produces<PendingResponse>(202);
        calls.MapPost(
                "/functions/{function}/predict",
                (HttpContext http, string function, PredictEndpoint predict) => predict.HandleAsync(http, function))
            .WithTags("Predict").WithSummary("Classify a picture by a named function").WithMetadata(ApiOperations.Predict)
            .Produces<PredictionResponse>().Produces<PendingResponse>(202);
        calls.MapGet("/requests/{id}", (HttpContext http, string id, RequestEndpoints requests) => requests.GetAsync(http, id))
            .WithTags("Requests").WithSummary("The answer of a request, or where it stands").WithMetadata(ApiOperations.GetRequest)
            .Produces<PredictionResponse>().Produces<PendingResponse>(202);
        calls.MapDelete("/requests/{id}", (HttpContext http, string id, RequestEndpoints requests) => requests.DeleteAsync(http, id))
            .WithTags("Requests").WithSummary("Cancel a request").WithMetadata(ApiOperations.DeleteRequest).Produces(204);
        calls.MapGet("/live", (HttpContext http, string? function, LiveEndpoint live) => live.Handle(http, function))
            .WithTags("Live").WithSummary("Queue, replicas and latency as server-sent events").Produces(200, contentType: "text/event-stream");
    }

    private static void MapProtocol(this WebApplication app)
    {
        var open = app.MapGroup("/v2").WithTags("Open Inference Protocol").WithMetadata(ApiOperations.Protocol);
        open.MapGet("", ProtocolEndpoints.Server).WithSummary("Server metadata").Produces<ServerMetadata>();
        open.MapGet("/health/live", ProtocolEndpoints.Live).WithSummary("Whether the server lives");
        open.MapGet("/health/ready", (ProtocolEndpoints protocol) => protocol.Ready()).WithSummary("Whether the server takes requests");
        foreach (var versioned in new[] { "", "/versions/{version}" })
        {
            open.MapGet("/models/{model}" + versioned, (string model, string? version, ProtocolEndpoints protocol) => protocol.Model(model, version))
                .WithSummary("Model metadata").Produces<ModelMetadata>();
            open.MapGet(
                    $"/models/{{model}}{versioned}/ready",
                    (HttpContext http, string model, string? version, ProtocolEndpoints protocol) => protocol.ModelReadyAsync(http, model, version))
                .WithSummary("Whether a worker of the model is ready");
            open.MapPost(
                    $"/models/{{model}}{versioned}/infer",
                    (HttpContext http, string model, string? version, InferEndpoint infer) => infer.HandleAsync(http, model, version))
                .WithSummary("Inference").WithMetadata(ApiOperations.Infer).RequireAuthorization(Authentication.Policy);
        }
    }
}
