using System.Reflection;
using System.Security.Cryptography;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.Ingress.Security;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Page;

/// <summary>
/// The page at <c>/</c> and the API's at <c>/docs</c>: a fixed list of files out of the assembly, nothing from elsewhere.
/// </summary>
internal static class PageEndpoints
{
    // Scalar styles itself from its script, so its page alone may have inline styles; scripts stay ours.
    private static readonly string s_docsPolicy =
        SecurityHeaders.PagePolicy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal)
        + "; font-src 'self' data:";

    public static void MapPage(this WebApplication app)
    {
        var own = typeof(PageEndpoints).Assembly;
        MapFile(app, "/", PageFile.Read(own, "Page.index.html", "text/html; charset=utf-8"), SecurityHeaders.PagePolicy);
        MapFile(app, "/docs", PageFile.Read(own, "Page.docs.html", "text/html; charset=utf-8"), s_docsPolicy);
        foreach (var name in new[] { "app.js", "charts.js", "burst.js", "feed.js", "docs.js" })
            MapFile(app, $"/page/{name}", PageFile.Read(own, $"Page.{name}", "text/javascript; charset=utf-8"), null);
        MapFile(app, "/page/style.css", PageFile.Read(own, "Page.style.css", "text/css; charset=utf-8"), null);
        MapFile(app, "/page/icon.svg", PageFile.Read(own, "Page.icon.svg", "image/svg+xml"), null);
        var scalar = typeof(Scalar.AspNetCore.ScalarOptions).Assembly;
        MapFile(app, "/page/scalar.js", PageFile.Read(scalar, "ScalarStaticAssets.scalar.js", "text/javascript; charset=utf-8"), null);
        app.MapGet("/page/settings", (FunctionCatalogue functions, IOptions<IngressOptions> options, ApiKeys keys) =>
            Results.Json(
                new PageSettings([.. functions.All.Select(queue => queue.Name)], keys.Any, options.Value.MaxBodyBytes),
                PageJson.Default.PageSettings)).ExcludeFromDescription();
    }

    private static void MapFile(WebApplication app, string path, PageFile file, string? policy) =>
        app.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], (HttpContext http) =>
        {
            if (policy is not null)
                http.Response.Headers.ContentSecurityPolicy = policy;
            return file.AnswerAsync(http);
        }).ExcludeFromDescription();
}

/// <summary>A file of the assembly.</summary>
internal sealed record PageFile(byte[] Bytes, string ContentType, string ETag, bool Gzipped)
{
    public static PageFile Read(Assembly assembly, string resource, string contentType)
    {
        using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no resource {resource}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new(bytes, contentType, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"", bytes is [0x1F, 0x8B, ..]);
    }

    public async Task AnswerAsync(HttpContext http)
    {
        var response = http.Response;
        response.Headers.ETag = ETag;
        response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch.ToString() == ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = ContentType;
        response.ContentLength = Bytes.Length;
        if (Gzipped)
            response.Headers.ContentEncoding = "gzip";
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(Bytes, http.RequestAborted);
    }
}
