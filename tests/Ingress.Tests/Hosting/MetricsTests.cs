namespace Keda.Inference.Ingress.Tests.Hosting;

public sealed class MetricsTests(Store store) : IngressTest(store)
{
    [Fact]
    public async Task Metrics_AfterRequests_CountThemByRouteAndCause()
    {
        var host = await StartAsync();
        host.Serve();
        using (await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation))
        using (await host.Client.SendAsync(IngressHost.Picture("no picture, no"u8.ToArray()), Cancellation))
        using (await host.Client.GetAsync("/requests/unbounded.path", Cancellation))
        using (await host.Client.GetAsync("/anything/else", Cancellation))
        {
            var queue = host.Queue.Name;
            await EventuallyAsync(async () => (await host.Client.GetStringAsync("/metrics", Cancellation)).Contains($"queue_waiting{{queue=\"{queue}\"}} 0"), "the queue is read");
            var text = await host.Client.GetStringAsync("/metrics", Cancellation);
            text.ShouldContain("keda_inference_ingress_requests_total{route=\"/predict\",status=\"200\"} 1");
            text.ShouldContain("keda_inference_ingress_requests_total{route=\"/predict\",status=\"415\"} 1");
            text.ShouldContain("keda_inference_ingress_requests_total{route=\"/requests/{id}\",status=\"404\"} 1");
            text.ShouldContain("keda_inference_ingress_requests_total{route=\"none\",status=\"404\"} 1");
            text.ShouldContain("keda_inference_ingress_rejected_total{cause=\"not-a-picture\"} 1");
            text.ShouldContain("keda_inference_ingress_request_duration_seconds_count{route=\"/predict\"} 2");
            text.ShouldContain($"keda_inference_ingress_queue_depth_at_accept_count{{queue=\"{queue}\"}} 1");
            text.ShouldContain($"keda_inference_ingress_queue_in_flight{{queue=\"{queue}\"}} 0");
            text.ShouldContain($"keda_inference_ingress_queue_dead_letters{{queue=\"{queue}\"}} 0");
            text.ShouldContain("keda_inference_ingress_requests_in_flight 1");
        }
    }

    [Fact]
    public async Task Metrics_WhileRedisIsAway_DoNotClaimZeros()
    {
        var host = await StartAsync("127.0.0.1:1", "q");
        var text = await host.Client.GetStringAsync("/metrics", Cancellation);
        text.ShouldNotContain("queue_waiting{");
    }
}
