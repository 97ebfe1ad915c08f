using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Problems;

/// <summary>Turns whatever ends a request early into a documented error.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public static readonly TimeSpan UnavailableRetryAfter = TimeSpan.FromSeconds(2);

    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer; 499 is what proxies log for this.
            if (!http.Response.HasStarted)
                http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            await ProblemWriter.WriteAsync(http, Classify(http, exception));
            return;
        }

        if (!http.Response.HasStarted && http.Response is { StatusCode: >= 400, ContentType: null, ContentLength: null })
            await ProblemWriter.WriteAsync(http, new ProblemException(ProblemKind.ForStatus(http.Response.StatusCode), Explain(http)));
    }

    private ProblemException Classify(HttpContext http, Exception exception)
    {
        switch (exception)
        {
            case ProblemException problem:
                return problem;
            case WorkQueueUnavailableException:
                LogUnavailable(exception.Message);
                return new(ProblemKind.Unavailable, "Redis does not answer. Try again; with an Idempotency-Key what may have been accepted is not computed twice.")
                {
                    RetryAfter = UnavailableRetryAfter,
                };
            case BadHttpRequestException bad:
                return new(ProblemKind.ForStatus(bad.StatusCode), bad.Message.TrimEnd('.') + ".");
            default:
                LogUnexpected(exception, http.Request.Method, http.GetEndpoint()?.DisplayName);
                return new(ProblemKind.InternalError, "An unexpected error was logged under this request's id.");
        }
    }

    private static string Explain(HttpContext http) => http.Response.StatusCode switch
    {
        404 => "See /openapi/v1.json for what there is.",
        405 => $"It takes {http.Response.Headers.Allow}.",
        401 => "Send a key in X-Api-Key, or a bearer token.",
        _ => $"The request ended with status {http.Response.StatusCode}.",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answered 503: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error in {Method} {Endpoint}")]
    private partial void LogUnexpected(Exception exception, string method, string? endpoint);
}
