using System.Text.Json;
using System.Text.Json.Serialization;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary>The error form of the Open Inference Protocol: one member, <c>error</c>.</summary>
internal sealed record ProtocolError(string Error)
{
    public static bool AppliesTo(PathString path) => path.StartsWithSegments("/v2");

    public static Task WriteAsync(HttpContext http, ProblemException problem)
    {
        http.Response.ContentType = "application/json";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new($"{problem.Kind.Title} {problem.Message}"), ProtocolErrorJson.Readable.ProtocolError);
        http.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProtocolError))]
internal sealed partial class ProtocolErrorJson : JsonSerializerContext
{
    public static ProtocolErrorJson Readable { get; } = new(ReadableJson.Options());
}
