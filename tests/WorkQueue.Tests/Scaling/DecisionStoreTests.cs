namespace Keda.Inference.WorkQueue.Tests.Scaling;

public sealed class DecisionStoreTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Commit_TwoReplicasReadTheSame_OnlyTheFirstWrites(StoreKind kind)
    {
        await using var first = await Store.ConnectAsync(kind);
        await using var second = await Store.ConnectAsync(kind);
        var key = new ScaledObjectKey("default", "resnet18", Store.NewQueue());
        var read = await first.Decisions.ReadAsync(key, Cancellation);
        read.Version.ShouldBe(0);
        read.State.IsEmpty.ShouldBeTrue();

        (await first.Decisions.CommitAsync(key, 0, Bytes("one"), Bytes("r1"), Cancellation)).ShouldBeTrue();
        (await second.Decisions.CommitAsync(key, 0, Bytes("two"), Bytes("r2"), Cancellation)).ShouldBeFalse();

        var now = await second.Decisions.ReadAsync(key, Cancellation);
        (now.Version, Text(now.State)).ShouldBe((1, "one"));
        (await second.Decisions.HistoryAsync(key, 10, Cancellation)).Select(Text).ShouldBe(["r1"]);
        (await second.Decisions.ListAsync(Cancellation)).ShouldContain(key);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Commit_MoreThanTheHistoryHolds_KeepsTheNewest(StoreKind kind)
    {
        await using var queues = await Store.ConnectAsync(kind);
        var key = new ScaledObjectKey("default", "long", Store.NewQueue());
        for (var i = 0; i < IDecisionStore.HistoryLength + 5; i++)
            (await queues.Decisions.CommitAsync(key, i, Bytes("s"), Bytes($"{i}"), Cancellation)).ShouldBeTrue();

        var history = await queues.Decisions.HistoryAsync(key, 5000, Cancellation);

        history.Count.ShouldBe(IDecisionStore.HistoryLength);
        Text(history[0]).ShouldBe($"{IDecisionStore.HistoryLength + 4}");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Read_WithLocalScale_ReturnsItInTheSameTrip(StoreKind kind)
    {
        await using var queues = await Store.ConnectAsync(kind);
        var queue = queues.Open(Store.NewQueue());
        await queue.LocalScale.SetAsync(new LocalScaleRecord(2, 1, 6), Cancellation);
        await queue.EnqueueAsync(Job(), Cancellation);

        var context = await queues.Decisions.ReadAsync(new ScaledObjectKey("local", "x", queue.Name), Cancellation);

        context.LocalScale.ShouldBe(new LocalScaleRecord(2, 1, 6));
        context.Signals.Waiting.ShouldBe(1);
    }
}
