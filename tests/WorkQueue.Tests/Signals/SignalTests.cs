namespace Keda.Inference.WorkQueue.Tests.Signals;

public sealed class SignalTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Signals_NeverUsedQueue_AreEmptyAndNotInvented(StoreKind kind)
    {
        var signals = await (await OpenAsync(kind)).GetSignalsAsync(Cancellation);

        (signals.Waiting, signals.InFlight, signals.Arrivals, signals.LiveWorkers).ShouldBe((0, 0, 0, 0));
        signals.OldestWaitingAge.ShouldBeNull();
        signals.Series.ShouldBeEmpty();
        signals.StartupSeconds.ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Signals_AfterWork_CountWhatHappened(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        for (var i = 0; i < 5; i++)
            await queue.EnqueueAsync(Job(), Cancellation);
        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("x"), TimeSpan.FromMilliseconds(50), Cancellation);
        await queue.RejectAsync(await ClaimOneAsync(queue), new JobError("x", "x"), TimeSpan.FromMilliseconds(25), Cancellation);
        await queue.FailAsync(await ClaimOneAsync(queue), new JobError("x", "x"), TimeSpan.Zero, Cancellation);
        await ClaimOneAsync(queue);

        var signals = await queue.GetSignalsAsync(Cancellation);

        (signals.Waiting, signals.InFlight).ShouldBe((2, 1));
        (signals.Arrivals, signals.Completions, signals.Rejections, signals.Failures).ShouldBe((5, 1, 1, 1));
        signals.BusySeconds.ShouldBe(0.075, 1e-6);
        signals.OldestWaitingAge.ShouldNotBeNull();
        signals.Series.Count.ShouldBe(QueueSignals.SeriesSeconds);
        signals.Series.Sum(second => second.Arrivals).ShouldBe(5);
        signals.Series.Sum(second => second.Completions).ShouldBe(2);
        signals.Series.Sum(second => second.BusySeconds).ShouldBe(0.075, 1e-6);
        signals.Series.Sum(second => second.NotServed).ShouldBe(1);
        signals.Series[^1].Second.ShouldBe(signals.At.ToUnixTimeSeconds());
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Watch_JobArrives_YieldsLongBeforeTheHeartbeat(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var arrivals = queue.WatchArrivalsAsync(TimeSpan.FromMinutes(10), stop.Token).GetAsyncEnumerator(stop.Token);
        (await arrivals.MoveNextAsync()).ShouldBeTrue();
        var next = arrivals.MoveNextAsync().AsTask();
        await EventuallyAsync(
            async () =>
            {
                await queue.EnqueueAsync(Job(), Cancellation);
                return next.IsCompleted;
            },
            "the signal");

        (await next).ShouldBeTrue();
        await stop.CancelAsync();
    }
}
