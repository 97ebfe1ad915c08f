using System.Text;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.InferenceFunction.Serving;

namespace Keda.Inference.InferenceFunction.Hosting;

/// <summary>Probes and metrics.</summary>
internal static class WorkerEndpoints
{
    public static void Map(WebApplication app)
    {
        var health = app.Services.GetRequiredService<WorkerHealth>();
        var metrics = app.Services.GetRequiredService<WorkerMetrics>();
        app.Map("/livez", (RequestDelegate)(context => AnswerAsync(context, health.Unwell)));
        app.Map("/readyz", (RequestDelegate)(context => AnswerAsync(context, health.Unready)));
        app.Map("/metrics", (RequestDelegate)(async context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await metrics.Registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }));
    }

    private static Task AnswerAsync(HttpContext context, string? problem)
    {
        context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"{problem ?? "ok"}\n"), context.RequestAborted).AsTask();
    }
}
