using System.Diagnostics;

namespace Keda.Inference.Ingress.Telemetry;

/// <summary>The traces of this service.</summary>
internal static class IngressTelemetry
{
    public const string SourceName = "Keda.Inference.Ingress";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>What a worker continues: the current span, or what the caller sent when nothing is recorded here.</summary>
    public static string? TraceParentOf(HttpContext http)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
            return id;
        var given = http.Request.Headers.TraceParent.ToString();
        return ActivityContext.TryParse(given, null, out _) ? given : null;
    }
}
