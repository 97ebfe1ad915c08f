using Keda.Inference.Testing;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue.Tests.Redis;

/// <summary>Redis as it is deployed: with a password and users, and as a Cluster, whose slots all keys of a queue must share.</summary>
public sealed class DeploymentTests(Store store) : DeploymentTest(store)
{
    [Fact]
    public async Task Cluster_WholeLifeOfAJob_StaysWithinOneSlot()
    {
        await using var redis = await RedisServer.StartOrSkipAsync(false, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf");
        await using (var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",abortConnect=false,allowAdmin=true"))
        {
            await admin.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            await EventuallyAsync(
                async () => ((string?)await admin.GetServers()[0].ExecuteAsync("CLUSTER", "INFO"))!.Contains("cluster_state:ok", StringComparison.Ordinal),
                "the cluster");
        }

        await using var queues = WorkQueue.Tests.Store.Connect(redis.ConnectionString);
        await ServeOneAsync(queues);
    }

    [Fact]
    public async Task Password_InTheOptions_IsUsedAndNeverSaid()
    {
        await using var redis = await RedisServer.StartOrSkipAsync();
        await using (var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString))
        {
            await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "worker", "on", ">secret-word", "~keda-inference:*", "&keda-inference:*", "+@all");
            await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "off");
        }

        await using var queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = redis.ConnectionString + ",user=worker", Password = "secret-word", TimeoutMs = 5000 },
            name => new WorkQueueOptions { Name = name }, TimeProvider.System);

        await ServeOneAsync(queues);

        await using var wrong = WorkQueues.Connect(
            new RedisOptions { ConnectionString = redis.ConnectionString + ",user=worker", Password = "wrong-word", TimeoutMs = 2000 },
            name => new WorkQueueOptions { Name = name }, TimeProvider.System);
        var refused = await Should.ThrowAsync<WorkQueueUnavailableException>(() => wrong.Open("q").EnqueueAsync(Job(), Cancellation));
        refused.ToString().ShouldNotContain("wrong-word");
    }
}
