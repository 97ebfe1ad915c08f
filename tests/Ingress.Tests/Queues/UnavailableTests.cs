using System.Net;
using Keda.Inference.Testing;

namespace Keda.Inference.Ingress.Tests.Queues;

/// <summary>Redis goes away and comes back.</summary>
public sealed class UnavailableTests(Store store) : IngressTest(store)
{
    [Fact]
    public async Task Redis_StoppedAndStartedAgain_Is503ThenServedWithoutARestart()
    {
        await using var redis = await RedisServer.StartOrSkipAsync();
        var host = await StartAsync(redis.ConnectionString, "q");
        host.Serve();
        using (var before = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation))
            before.StatusCode.ShouldBe(HttpStatusCode.OK);
        await redis.StopAsync();
        for (var i = 0; i < 3; i++)
            await Should503Async(host);
        using (var ready = await host.Client.GetAsync("/readyz", Cancellation))
            ready.StatusCode.ShouldBe(HttpStatusCode.OK, "all replicas would be unready at once, and nobody would answer 503");
        await redis.StartAgainAsync();
        await EventuallyAsync(async () =>
        {
            using var again = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
            return again.StatusCode == HttpStatusCode.OK;
        }, "it is served again");
    }

    [Fact]
    public async Task Redis_Frozen_Is503AndWaitingCallersAreAnsweredAfterwards()
    {
        await using var redis = await RedisServer.StartOrSkipAsync();
        var host = await StartAsync(redis.ConnectionString, "q");
        var waiting = host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
        await EventuallyAsync(async () => (await host.Queue.GetSignalsAsync(Cancellation)).Waiting == 1, "the job waits");
        redis.Pause();
        try
        {
            await Should503Async(host);
            await Should503Async(host);
        }
        finally
        {
            redis.Resume();
        }

        host.Serve();
        using var answered = await waiting;
        answered.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Redis_NeverThere_StartsUnready()
    {
        var host = await StartAsync("127.0.0.1:1", "q");
        using var live = await host.Client.GetAsync("/livez", Cancellation);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var ready = await host.Client.GetAsync("/readyz", Cancellation);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await Should503Async(host);
    }

    private static async Task Should503Async(IngressHost host)
    {
        using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
        await ShouldBeProblemAsync(response, HttpStatusCode.ServiceUnavailable, "unavailable");
        response.Headers.RetryAfter.ShouldNotBeNull();
    }
}
