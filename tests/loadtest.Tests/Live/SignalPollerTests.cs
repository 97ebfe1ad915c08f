using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Tests.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keda.Inference.LoadTest.Tests.Live;

public sealed class SignalPollerTests
{
    [Fact]
    public async Task Run_IngressWithEvents_KnowsQueueAndReplicas()
    {
        await using var service = await StubService.StartAsync((_, _) => Task.CompletedTask, app =>
        {
            app.MapGet("/metrics", () => "keda_inference_ingress_queue_waiting{queue=\"a\"} 12\nkeda_inference_ingress_queue_in_flight{queue=\"a\"} 2\n");
            app.MapGet("/live", async (HttpContext context) =>
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("event: past\ndata: [{\"replicas\":9}]\n\nevent: sample\ndata: {\"at\":1}\n\nevent: sample\ndata: {\"replicas\":4}\n\n");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            });
        });
        var sample = await UntilAsync(service, sample => sample.Replicas is not null);
        (sample.Waiting, sample.InFlight, sample.Replicas).ShouldBe((12, 2, 4));
    }

    [Fact]
    public async Task Run_TargetShowsNothing_IsUnknownAndNotZero()
    {
        await using var service = await StubService.StartAsync((_, _) => Task.CompletedTask);
        var sample = await UntilAsync(service, _ => true);
        (sample.Waiting, sample.InFlight, sample.Replicas).ShouldBe((null, null, null));
        new LiveLine(new LiveCounters(TimeProvider.System), Spectre.Console.AnsiConsole.Console, TimeProvider.System, 5)
            .Format(new LiveSnapshot(61, 3, 1, 2, 0.5, null, null, sample)).ShouldBe("[grey]1:01[/] sent [bold]3[/]/5  in flight 1  ok 0.5/s  p50 ?  p99 ?  queue ?  replicas ?");
    }

    private static async Task<SignalSample> UntilAsync(StubService service, Func<SignalSample, bool> condition)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(TimeSpan.FromSeconds(30));
        var live = new LiveCounters(TimeProvider.System);
        using var poller = new SignalPoller(SignalOptions.Standard(new Uri(service.Root, "/metrics")), live, TimeProvider.System);
        var polling = poller.RunAsync(over.Token);
        while (!live.Signals().Any(condition))
            await Task.Delay(20, over.Token);
        await over.CancelAsync();
        await polling;
        return live.Signals().First(condition);
    }
}
