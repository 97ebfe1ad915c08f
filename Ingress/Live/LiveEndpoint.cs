using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Queues;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Live;

/// <summary><c>GET /live</c>: the last minutes as one event, then a sample twice a second, as server-sent events.</summary>
internal sealed class LiveEndpoint(
    FunctionCatalogue functions, LiveHistories histories, IOptions<IngressOptions> options, IHostApplicationLifetime lifetime)
{
    private readonly int _limit = options.Value.MaxLiveStreams;
    private int _open;

    public IResult Handle(HttpContext http, string? function)
    {
        var history = histories.Of(functions.Get(function).Name);
        if (Interlocked.Increment(ref _open) > _limit)
        {
            Interlocked.Decrement(ref _open);
            throw new ProblemException(ProblemKind.Overloaded, $"{_limit} pages follow the live values already.")
            {
                RetryAfter = TimeSpan.FromSeconds(10),
            };
        }

        http.Response.OnCompleted(() =>
        {
            Interlocked.Decrement(ref _open);
            return Task.CompletedTask;
        });
        // Proxies must not hold events back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(history, http.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync(
        LiveHistory history, [EnumeratorCancellation] CancellationToken aborted)
    {
        // A stop must not wait for the followers.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        using var following = history.Follow();
        yield return new(JsonSerializer.Serialize(following.Past, LiveJson.Default.LiveSampleArray), "past");
        await using var coming = following.Coming(end.Token).GetAsyncEnumerator(end.Token);
        while (await NextAsync(coming))
            yield return new(JsonSerializer.Serialize(coming.Current, LiveJson.Default.LiveSample), "sample");
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<LiveSample> samples)
    {
        try
        {
            return await samples.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
