using System.Net.Http.Headers;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.WorkQueue;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Keda.Inference.Ingress.Tests;

/// <summary>The real service on a free loopback port.</summary>
internal sealed class IngressHost : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _with = [];

    private IngressHost(WebApplication app)
    {
        App = app;
        Client = new() { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public WebApplication App { get; }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public IWorkQueue Queue => App.Services.GetRequiredService<FunctionCatalogue>().Default;

    public static async Task<IngressHost> StartAsync(string redis, string queue, params string[] settings)
    {
        var app = IngressApplication.Build(
            [
                "--Ingress:Port=0", "--Ingress:BindAddress=127.0.0.1", $"--Redis:ConnectionString={redis}", $"--Queue:Name={queue}",
                .. settings.Select(setting => "--" + setting),
            ],
            builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Adds a worker that lives as long as the host.</summary>
    public FakeWorker Serve(Func<IWorkQueue, ClaimedJob, CancellationToken, Task>? serve = null, int claims = 8, IWorkQueue? queue = null)
    {
        var worker = new FakeWorker(queue ?? Queue, serve, claims);
        _with.Add(worker);
        return worker;
    }

    public static HttpRequestMessage Picture(byte[] body, string path = "/predict", string type = "image/jpeg", params (string, string)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var one in _with)
            await one.DisposeAsync();
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10)))
            await App.StopAsync(limit.Token);
        await App.DisposeAsync();
    }
}
