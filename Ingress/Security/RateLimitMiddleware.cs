namespace Keda.Inference.Ingress.Security;

/// <summary>Applies the limits to what costs work: submissions.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimits limits)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
            limits.ThrowIfExceeded(http);
        return next(http);
    }
}
