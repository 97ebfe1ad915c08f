using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Keda.Inference.Ingress.Telemetry;

/// <summary>Sends traces where the standard variables say; without them nothing is collected.</summary>
internal static class Tracing
{
    private static readonly string[] s_switches = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    public static IServiceCollection AddTracing(this IServiceCollection services, IConfiguration configuration)
    {
        if (!s_switches.Any(name => !string.IsNullOrEmpty(configuration[name])))
            return services;
        services.AddOpenTelemetry()
            .ConfigureResource(resource =>
            {
                if (string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"]))
                    resource.AddService("keda-inference-ingress");
            })
            .WithTracing(tracing => tracing
                .AddSource(IngressTelemetry.SourceName)
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !IsProbe(context.Request.Path))
                .AddOtlpExporter());
        return services;
    }

    private static bool IsProbe(PathString path) => path.Value is "/livez" or "/readyz" or "/metrics" or "/live";
}
