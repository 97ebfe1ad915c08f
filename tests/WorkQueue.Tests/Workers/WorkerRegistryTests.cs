namespace Keda.Inference.WorkQueue.Tests.Workers;

public sealed class WorkerRegistryTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Heartbeat_StartingThenReady_CountsAndRemembersTheStartOnce(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.Workers.HeartbeatAsync(Worker(WorkerState.Starting, 0), Cancellation);
        var starting = await queue.GetSignalsAsync(Cancellation);
        (starting.LiveWorkers, starting.ReadyWorkers).ShouldBe((1, 0));

        await queue.Workers.HeartbeatAsync(Worker(WorkerState.Ready, 0.75), Cancellation);
        await queue.Workers.HeartbeatAsync(Worker(WorkerState.Ready, 0.75), Cancellation);

        var ready = await queue.GetSignalsAsync(Cancellation);
        (ready.LiveWorkers, ready.ReadyWorkers).ShouldBe((1, 1));
        ready.StartupSeconds.ShouldBe([0.75]);
        (await queue.Workers.ListAsync(Cancellation)).ShouldHaveSingleItem().ShouldBe(Worker(WorkerState.Ready, 0.75));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Remove_Worker_IsGoneAtOnce(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.Workers.HeartbeatAsync(Worker(WorkerState.Ready, 1), Cancellation);

        await queue.Workers.RemoveAsync("w", Cancellation);

        (await queue.Workers.ListAsync(Cancellation)).ShouldBeEmpty();
        (await queue.GetSignalsAsync(Cancellation)).LiveWorkers.ShouldBe(0);
    }

    private static WorkerEntry Worker(WorkerState state, double startup) =>
        new("w", state, startup, "resnet18", "untrained", "fp32", 42, "http://127.0.0.1:1");
}
