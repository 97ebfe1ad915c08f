using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Keda.Inference.LoadTest.Tests.Sending;

/// <summary>A real HTTP service on a free port whose answers the test decides.</summary>
internal sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _received;

    private StubService(WebApplication app) => _app = app;

    public Uri Predict => new(_app.Urls.Single() + "/predict");

    public Uri Root => new(_app.Urls.Single());

    public int Received => Volatile.Read(ref _received);

    /// <param name="answer">Gets the context and how many requests came before.</param>
    public static async Task<StubService> StartAsync(Func<HttpContext, int, Task> answer, Action<WebApplication>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var service = new StubService(app);
        app.MapPost("/predict", async context =>
        {
            var number = Interlocked.Increment(ref service._received) - 1;
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            await answer(context, number);
        });
        more?.Invoke(app);
        await app.StartAsync();
        return service;
    }

    public static Task AnswerAsync(HttpContext context, params string[] labels) => context.Response.WriteAsJsonAsync(new
    {
        id = "1",
        model = new { name = "resnet18", weights = "zoo" },
        predictions = labels.Select((label, i) => new { @class = i, label, probability = 1.0 / (i + 2) }),
        timings = new { queue = 1.0, preprocess = 2.0, inference = 3.0, total = 6.5 },
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
