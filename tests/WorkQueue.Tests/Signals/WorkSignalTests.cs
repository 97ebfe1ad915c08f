namespace Keda.Inference.WorkQueue.Tests.Signals;

public sealed class WorkSignalTests(Store store) : QueueTest(store)
{
    [Fact]
    public async Task Open_SubscriptionStands_CountsAsASignal()
    {
        // What was announced while the subscription was under way was not heard: whoever looked before must look again.
        await using var connections = new RedisConnections(await Store.OptionsAsync(StoreKind.Embedded));
        var signal = new WorkSignal(connections, QueueKeys.Wake(Store.NewQueue()));
        var seen = signal.Generation;

        await signal.OpenAsync();

        signal.Generation.ShouldBeGreaterThan(seen);
        await signal.WaitAsync(seen, Timeout.InfiniteTimeSpan, TimeProvider.System, Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }
}
