using Keda.Inference.Testing;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue.Tests.Redis;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Subscribe_ServerComesUpLate_HandsOutEachMessageOnce()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var channel = RedisChannel.Literal("channel");
        await using var server = await RedisServer.StartOrSkipAsync();
        await using var connections = new RedisConnections(new RedisOptions { ConnectionString = server.ConnectionString, TimeoutMs = 20_000 });
        var subscriber = (await connections.ControlMultiplexerAsync()).GetSubscriber();
        await server.StopAsync();
        var handed = 0;
        var subscribed = connections.SubscribeAsync("channel", (_, _) => Interlocked.Increment(ref handed));
        // Time for several tries, of which nobody is told.
        await Task.Delay(200, cancellation);
        subscribed.IsCompleted.ShouldBeFalse();
        await server.StartAgainAsync();
        await subscribed.WaitAsync(cancellation);

        // Handlers are called in the order in which they were added, so this one comes last.
        var last = new TaskCompletionSource();
        await subscriber.SubscribeAsync(channel, (_, _) => last.TrySetResult());
        await subscriber.PublishAsync(channel, "message");
        await last.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);

        handed.ShouldBe(1);
    }
}
