namespace Keda.Inference.WorkQueue.Tests.Scaling;

public sealed class LocalScaleTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Raise_WithinBounds_HoldsAndIsAnnounced(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        (await queue.LocalScale.GetAsync(Cancellation)).ShouldBeNull();
        (await queue.LocalScale.RaiseAsync(3, Cancellation)).ShouldBeNull();
        await queue.LocalScale.SetAsync(new LocalScaleRecord(1, 1, 4), Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watch = queue.LocalScale.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = watch.MoveNextAsync().AsTask();
        var replicas = 1;
        await EventuallyAsync(
            async () =>
            {
                replicas = Math.Min(4, replicas + 1);
                (await queue.LocalScale.RaiseAsync(replicas, Cancellation)).ShouldBe(replicas);
                await queue.LocalScale.SetAsync(new LocalScaleRecord(replicas = 1, 1, 4), Cancellation);
                return next.IsCompleted;
            },
            "the announcement");

        (await next).ShouldBeTrue();
        await stop.CancelAsync();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Raise_BeyondTheMaximumOrDown_IsClampedOrIgnored(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.LocalScale.SetAsync(new LocalScaleRecord(2, 1, 4), Cancellation);

        (await queue.LocalScale.RaiseAsync(1, Cancellation)).ShouldBe(2);
        (await queue.LocalScale.RaiseAsync(9, Cancellation)).ShouldBe(4);
        (await queue.LocalScale.GetAsync(Cancellation)).ShouldBe(new LocalScaleRecord(4, 1, 4));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Raise_Paused_IsLeftAlone(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.LocalScale.SetAsync(new LocalScaleRecord(2, 1, 4, Paused: true), Cancellation);

        (await queue.LocalScale.RaiseAsync(4, Cancellation)).ShouldBe(2);
    }
}
