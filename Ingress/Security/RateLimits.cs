using System.Threading.RateLimiting;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Security;

/// <summary>A token bucket for each key that has a limit. It counts at this replica.</summary>
internal sealed class RateLimits(IOptions<IngressOptions> options) : IDisposable
{
    private static readonly TimeSpan s_shortestPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, TokenBucketRateLimiter> _limiters = options.Value.ApiKeys
        .Where(key => key.RequestsPerSecond > 0)
        .ToDictionary(key => key.Name, Limiter);

    public void ThrowIfExceeded(HttpContext http)
    {
        if (http.User.Identity is not { AuthenticationType: ApiKeyHandler.SchemeName, Name: { } name }
            || !_limiters.TryGetValue(name, out var limiter))
            return;
        using var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
            return;
        throw new ProblemException(ProblemKind.RateLimited, "Send fewer requests with this key.")
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1),
        };
    }

    public void Dispose()
    {
        foreach (var limiter in _limiters.Values)
            limiter.Dispose();
    }

    private static TokenBucketRateLimiter Limiter(ApiKeyOptions key)
    {
        // Slow limits give one token at a time; fast ones several, so that no timer runs hot.
        var tokens = Math.Max(1, (int)Math.Round(key.RequestsPerSecond * s_shortestPeriod.TotalSeconds));
        return new(new()
        {
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds(tokens / key.RequestsPerSecond),
            TokenLimit = Math.Max(key.Burst > 0 ? key.Burst : (int)Math.Ceiling(key.RequestsPerSecond * 2), tokens),
            QueueLimit = 0,
            AutoReplenishment = true,
        });
    }
}
