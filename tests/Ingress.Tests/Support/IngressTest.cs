using System.Net;
using System.Text.Json;
using Keda.Inference.LocalCluster;

namespace Keda.Inference.Ingress.Tests;

/// <summary>Starts hosts and reads answers.</summary>
public abstract class IngressTest(Store store) : IAsyncLifetime
{
    private readonly List<IngressHost> _hosts = [];

    protected static byte[] Jpeg { get; } = GeneratedPictures.Jpeg(seed: 7, width: 64, height: 48);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Store Store { get; } = store;

    internal async Task<IngressHost> StartAsync(StoreKind kind = StoreKind.Embedded, params string[] settings) =>
        await StartAsync(await Store.ConnectionAsync(kind), Store.NewQueue(), settings);

    internal async Task<IngressHost> StartAsync(string redis, string queue, params string[] settings)
    {
        var host = await IngressHost.StartAsync(redis, queue, settings);
        _hosts.Add(host);
        return host;
    }

    protected static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    /// <summary>Checks the status and the form of an error, and returns it.</summary>
    protected static async Task<JsonElement> ShouldBeProblemAsync(HttpResponseMessage response, HttpStatusCode status, string slug)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        text.ShouldNotContain("\n");
        var problem = JsonDocument.Parse(text).RootElement.Clone();
        problem.GetProperty("type").GetString().ShouldBe("urn:keda-inference:problem:" + slug);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrWhiteSpace();
        return problem;
    }

    protected static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse($"{what} did not happen within 30 s");
            await Task.Delay(20, Cancellation);
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
