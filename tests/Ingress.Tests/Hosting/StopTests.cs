using System.Net;

namespace Keda.Inference.Ingress.Tests.Hosting;

public sealed class StopTests(Store store) : IngressTest(store)
{
    [Fact]
    public async Task Stop_WithRequestsInFlight_TurnsUnreadyThenClosesThenFinishesThem()
    {
        await using var host = await IngressHost.StartAsync(
            await Store.ConnectionAsync(StoreKind.Embedded), Store.NewQueue(), "Ingress:DrainDelaySeconds=2");
        var gate = new Gate();
        host.Serve(gate.ServeAsync);
        using var elsewhere = new HttpClient { BaseAddress = host.Address };
        var inFlight = host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
        await gate.Reached;

        var stopping = host.App.StopAsync(Cancellation);
        using (var ready = await elsewhere.GetAsync("/readyz", Cancellation))
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var live = await elsewhere.GetAsync("/livez", Cancellation))
            live.StatusCode.ShouldBe(HttpStatusCode.OK, "it lives and still accepts");
        await EventuallyAsync(async () =>
        {
            using var fresh = new HttpClient { BaseAddress = host.Address };
            try
            {
                using var response = await fresh.GetAsync("/livez", Cancellation);
                return false;
            }
            catch (HttpRequestException)
            {
                return true;
            }
        }, "it stops accepting");
        inFlight.IsCompleted.ShouldBeFalse();
        gate.Open();
        using var answered = await inFlight;
        answered.StatusCode.ShouldBe(HttpStatusCode.OK);
        await stopping;
    }

    [Fact]
    public async Task Stop_WithFollowersOfLiveValues_DoesNotWaitForThem()
    {
        await using var host = await IngressHost.StartAsync(await Store.ConnectionAsync(StoreKind.Embedded), Store.NewQueue());
        using var following = await host.Client.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await following.Content.ReadAsStreamAsync(Cancellation);
        await stream.ReadExactlyAsync(new byte[5], Cancellation);
        await host.App.StopAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }
}
