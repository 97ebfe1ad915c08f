using Keda.Inference.Ingress.Health;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary>Everything of the Open Inference Protocol except the inference itself. A function is a model.</summary>
internal sealed class ProtocolEndpoints(FunctionCatalogue functions, QueueWatch watch, HealthEndpoints health)
{
    private static readonly string s_version = typeof(ProtocolEndpoints).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    public static IResult Server() => Results.Json(
        new ServerMetadata("keda-inference", s_version, ["binary_tensor_data"]), ProtocolJson.Default.ServerMetadata);

    public static IResult Live() => Results.Text("{\"live\":true}", "application/json");

    public IResult Ready() => Truth($"{{\"ready\":{Json(health.IsReady)}}}", health.IsReady);

    public IResult Model(string model, string? version) =>
        Results.Json(ModelMetadata.Of(Find(model, version).Name), ProtocolJson.Default.ModelMetadata);

    /// <summary>A model is ready when a worker is; one scaled to zero is not, although a request would be held and answered.</summary>
    public async Task<IResult> ModelReadyAsync(HttpContext http, string model, string? version)
    {
        var queue = Find(model, version);
        var signals = watch.Latest(queue.Name) ?? await watch.RefreshAsync(queue, http.RequestAborted);
        var ready = signals.ReadyWorkers > 0;
        return Truth($"{{\"name\":\"{queue.Name}\",\"ready\":{Json(ready)}}}", ready);
    }

    public IWorkQueue Find(string model, string? version)
    {
        if (version is not null and not ModelMetadata.OnlyVersion)
            throw new ProblemException(ProblemKind.UnknownFunction, $"The only version is {ModelMetadata.OnlyVersion}.");
        return functions.Get(model);
    }

    private static string Json(bool value) => value ? "true" : "false";

    private static IResult Truth(string json, bool value) => Results.Text(
        json, "application/json", statusCode: value ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
}
