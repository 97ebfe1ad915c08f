using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Keda.Inference.ExternalScaler.Hosting;

/// <summary>What the kubelet asks.</summary>
internal static class Probes
{
    public static void MapProbes(this WebApplication app)
    {
        app.MapGet("/livez", () => Results.Text("ok"));
        app.MapGet("/readyz", async (HealthCheckService health, CancellationToken cancellation) =>
        {
            var report = await health.CheckHealthAsync(cancellation);
            var reasons = report.Entries.Values.Where(entry => entry.Status != HealthStatus.Healthy).Select(entry => entry.Description);
            return report.Status == HealthStatus.Healthy
                ? Results.Text("ok")
                : Results.Text(string.Join(' ', reasons), statusCode: StatusCodes.Status503ServiceUnavailable);
        });
    }
}
