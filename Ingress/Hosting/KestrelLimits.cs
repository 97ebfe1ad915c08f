using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>The listener and every limit on what comes from outside.</summary>
internal sealed class KestrelLimits(IOptions<IngressOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    public void Configure(KestrelServerOptions kestrel)
    {
        var settings = options.Value;
        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Parse(settings.BindAddress), settings.Port, listen => listen.Protocols = HttpProtocols.Http1);
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = settings.MaxBodyBytes;
        limits.MinRequestBodyDataRate =
            settings.MinBodyBytesPerSecond > 0 ? new(settings.MinBodyBytesPerSecond, s_grace) : null;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(settings.HeadersTimeoutSeconds);
        limits.MaxRequestHeadersTotalSize = settings.MaxHeaderBytes;
        limits.MaxRequestHeaderCount = settings.MaxHeaderCount;
        limits.MaxRequestLineSize = Math.Min(8192, settings.MaxHeaderBytes);
        limits.MaxConcurrentConnections = settings.MaxConnections;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
    }
}
