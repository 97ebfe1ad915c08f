using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keda.Inference.InferenceFunction.Tests.Models;

/// <summary>An HTTP server on the loopback interface with one file, which can answer in the ways real ones do.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileServer(WebApplication app) => _app = app;

    public byte[] Content { get; set; } = [];

    /// <summary>Whether it can send parts of the file.</summary>
    public bool HasRanges { get; set; } = true;

    /// <summary>The connection is cut after that many bytes of an answer.</summary>
    public int? CutAfter { get; set; }

    public int Status { get; set; } = 200;

    /// <summary>The Range headers that came, in order; empty for a request of all.</summary>
    public List<string> Ranges { get; } = [];

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/model.onnx";

    public static async Task<FileServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new FileServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var range = context.Request.Headers.Range.ToString();
        Ranges.Add(range);
        context.Response.StatusCode = Status;
        if (Status != 200)
            return;

        var from = HasRanges && range.Length > 0 ? int.Parse(range["bytes=".Length..].TrimEnd('-')) : 0;
        if (from >= Content.Length)
        {
            context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return;
        }

        if (HasRanges && range.Length > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        }

        context.Response.ContentLength = Content.Length - from;
        if (CutAfter is not { } cut || cut >= Content.Length - from)
        {
            await context.Response.Body.WriteAsync(Content.AsMemory(from));
            return;
        }

        await context.Response.Body.WriteAsync(Content.AsMemory(from, cut));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
