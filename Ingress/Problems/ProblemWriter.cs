using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.OpenInference;

namespace Keda.Inference.Ingress.Problems;

/// <summary>An error as RFC 9457 has it, on one line.</summary>
internal sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, string? Code, string? Request, string? RequestId);

internal static class ProblemWriter
{
    public const string MediaType = "application/problem+json";

    /// <summary>Answers with an error: problem details, or the protocol's own form below <c>/v2</c>.</summary>
    public static Task WriteAsync(HttpContext http, ProblemException problem)
    {
        var kind = problem.Kind;
        var response = http.Response;
        response.StatusCode = kind.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } after)
            response.Headers.RetryAfter = RetryAfterSeconds(after).ToString(CultureInfo.InvariantCulture);
        http.Features.Set<IProblemFeature>(new ProblemFeature(kind));

        if (ProtocolError.AppliesTo(http.Request.Path))
            return ProtocolError.WriteAsync(http, problem);

        response.ContentType = MediaType;
        var document = new ProblemDocument(
            kind.Type, kind.Title, kind.Status, problem.Message, problem.Code, problem.Request, RequestIds.Of(http));
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, ProblemJson.Readable.ProblemDocument);
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    /// <summary>Whole seconds, at least one: 0 would invite an immediate return.</summary>
    public static int RetryAfterSeconds(TimeSpan after) => (int)Math.Clamp(Math.Ceiling(after.TotalSeconds), 1, 3600);
}

/// <summary>Tells the metrics which error a request ended with.</summary>
internal interface IProblemFeature
{
    ProblemKind Kind { get; }
}

internal sealed record ProblemFeature(ProblemKind Kind) : IProblemFeature;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    public static ProblemJson Readable { get; } = new(ReadableJson.Options());
}
