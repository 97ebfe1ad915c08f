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
            string[] expected =
            [
                "requests_total{route=\"/predict\",status=\"200\"} 1", "requests_total{route=\"/predict\",status=\"415\"} 1",
                "requests_total{route=\"/requests/{id}\",status=\"404\"} 1", "requests_total{route=\"none\",status=\"404\"} 1",
                "rejected_total{cause=\"not-a-picture\"} 1", "request_duration_seconds_count{route=\"/predict\"} 2",
                $"queue_depth_at_accept_count{{queue=\"{queue}\"}} 1", $"queue_waiting{{queue=\"{queue}\"}} 0",
                $"queue_in_flight{{queue=\"{queue}\"}} 0", $"queue_dead_letters{{queue=\"{queue}\"}} 0", "requests_in_flight 1",
            ];
            // A request is counted after its answer, and the queue read while a job may be on its way.
            await EventuallyAsync(
                async () =>
                {
                    var text = await host.Client.GetStringAsync("/metrics", Cancellation);
                    return Array.TrueForAll(expected, line => text.Contains($"\nkeda_inference_ingress_{line}\n", StringComparison.Ordinal));
                },
                $"every count ({string.Join(", ", expected)})");
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
