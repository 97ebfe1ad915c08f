using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>Every request has an id: the caller's <c>X-Request-Id</c>, or one of ours. It is echoed, logged and goes with the job.</summary>
internal sealed class RequestIds(RequestDelegate next, TimeProvider time, ILogger<RequestIds> logger)
{
    public const string Header = "X-Request-Id";
    public const int MaxLength = 128;
    private static readonly object s_key = new();
    private static readonly Func<ILogger, string, IDisposable?> s_scope = LoggerMessage.DefineScope<string>("RequestId {RequestId}");

    public static string? Of(HttpContext http) => http.Items.TryGetValue(s_key, out var id) ? (string?)id : null;

    public async Task InvokeAsync(HttpContext http)
    {
        var given = http.Request.Headers[Header];
        var usable = given.Count == 1 && IsUsable(given[0]);
        var id = usable ? given[0]! : WorkQueue.JobId.New(time);
        http.Items[s_key] = id;
        http.Response.Headers[Header] = id;
        using var scope = s_scope(logger, id);
        if (given.Count > 0 && !usable)
        {
            throw new ProblemException(
                ProblemKind.InvalidHeader, $"{Header} must be 1 to {MaxLength} letters, digits or any of - _ . : / + = @.");
        }

        await next(http);
    }

    private static bool IsUsable(string? id) =>
        id is { Length: >= 1 and <= MaxLength }
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '+' or '=' or '@');
}
