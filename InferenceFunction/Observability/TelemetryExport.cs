using System.Runtime.CompilerServices;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Keda.Inference.InferenceFunction.Observability;

/// <summary>
/// Sends spans by OTLP, configured by the standard <c>OTEL_*</c> variables. Apart, so that a worker without it never loads the libraries.
/// </summary>
internal static class TelemetryExport
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(IServiceCollection services) =>
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("keda-inference-worker"))
            .WithTracing(tracing => tracing.AddSource(WorkerTracing.SourceName).AddOtlpExporter());
}
