using System.Net;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Tests.Queues;

public sealed class BackpressureTests(Store store) : IngressTest(store)
{
    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task Queue_Full_Refuses429BeforeTheBodyIsSent(StoreKind kind)
    {
        var host = await StartAsync(kind, "Queue:MaxDepth=2");
        for (var i = 0; i < 2; i++)
        {
            using var accepted = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Prefer", "respond-async")), Cancellation);
            accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        await EventuallyAsync(() => Task.FromResult(Watch(host).Latest(host.Queue.Name)?.Waiting == 2), "the replica knows");
        using var connection = await RawConnection.OpenAsync(host.Address);
        await connection.SendAsync("POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 110000\r\n\r\n");
        var (status, text) = await connection.ReadAnswerAsync();
        status.ShouldBe(429, text);
        text.ShouldContain("Retry-After: ");
        text.ShouldContain("queue-full");
        (await host.Queue.GetSignalsAsync(Cancellation)).Arrivals.ShouldBe(2);
    }

    [Fact]
    public async Task Queue_FullSinceAMoment_IsRefusedByTheQueueItself()
    {
        var host = await StartAsync(StoreKind.Embedded, "Queue:MaxDepth=1");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Prefer", "respond-async")), Cancellation)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).ShouldBe(1);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Accepted))
        {
            await ShouldBeProblemAsync(refused, HttpStatusCode.TooManyRequests, "queue-full");
            refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Queue_WithRoomAgain_IsNoLongerRefused()
    {
        var host = await StartAsync(StoreKind.Embedded, "Queue:MaxDepth=1");
        using var first = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Prefer", "respond-async")), Cancellation);
        await EventuallyAsync(() => Task.FromResult(Watch(host).Latest(host.Queue.Name)?.Waiting == 1), "the replica knows");
        host.Serve();
        await EventuallyAsync(async () => (await host.Queue.GetSignalsAsync(Cancellation)).Waiting == 0, "the queue drains");
        using var second = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
        second.StatusCode.ShouldBe(HttpStatusCode.OK, await second.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(1000, 1000, 50, 10)] // half of the queue at 50 a second
    [InlineData(1000, 1000, 1000, 1)]
    [InlineData(1000, 1000, 1, 60)]
    [InlineData(1000, 1000, 0, 5)] // nothing is known of the rate
    public void RetryAfter_OfAFullQueue_FollowsTheDrainRate(int waiting, int maxDepth, int perSecond, double seconds) =>
        DrainEstimate.RetryAfter(Signals(waiting, perSecond), new() { MaxDepth = maxDepth }).TotalSeconds.ShouldBe(seconds);

    [Theory]
    [InlineData(100, 10, 5, true)]
    [InlineData(100, 10, 20, false)]
    [InlineData(100, 10, 0, false)] // switched off
    [InlineData(100, 0, 5, false)] // unknown refuses nobody
    public void WaitBound_IsExceeded_OnlyByAMeasuredWait(int waiting, int perSecond, double bound, bool exceeded) =>
        DrainEstimate.ExceedsWaitBound(Signals(waiting, perSecond), new() { MaxEstimatedWaitSeconds = bound }).ShouldBe(exceeded);

    private static QueueWatch Watch(IngressHost host) => (QueueWatch)host.App.Services.GetService(typeof(QueueWatch))!;

    private static QueueSignals Signals(int waiting, int perSecond) => new()
    {
        At = DateTimeOffset.UnixEpoch, Waiting = waiting, InFlight = 0, OldestWaitingAge = null, Arrivals = 0, Completions = 0, Failures = 0,
        Rejections = 0, Expirations = 0, Refusals = 0, DeadLettered = 0, DeadLetters = 0, BusySeconds = 0, LiveWorkers = 0, ReadyWorkers = 0,
        StartupSeconds = [],
        Series = [.. Enumerable.Range(0, 30).Select(i => new SecondCounts(i, 0, perSecond, 0, 0)), new SecondCounts(30, 0, 0, 0, 0)],
    };
}
