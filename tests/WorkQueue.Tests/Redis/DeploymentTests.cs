using Keda.Inference.Testing;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue.Tests.Redis;

/// <summary>Redis as it is deployed: with a password and users, and as a Cluster, whose slots all keys of a queue must share.</summary>
public sealed class DeploymentTests(Store store) : QueueTest(store)
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

    private static async Task ServeOneAsync(IWorkQueues queues)
    {
        var queue = queues.Open("deployed");
        var job = Job("body", key: "key");
        (await queue.EnqueueAsync(job, Cancellation)).Kind.ShouldBe(EnqueueKind.Accepted);
        await queue.Workers.HeartbeatAsync(new("w", WorkerState.Ready, 1, "m", "untrained", "fp32", 1, "http://127.0.0.1:1"), Cancellation);
        var claimed = await ClaimOneAsync(queue);
        (await queue.RenewAsync([claimed], Cancellation)).ShouldBeEmpty();
        (await queue.CompleteAsync(claimed, Bytes("answer"), TimeSpan.FromMilliseconds(5), Cancellation)).ShouldBeTrue();
        Text((await queue.WaitAsync(job.Id, Cancellation)).Payload).ShouldBe("answer");
        (await queue.GetSignalsAsync(Cancellation)).Completions.ShouldBe(1);
        var key = new ScaledObjectKey("ns", "so", queue.Name);
        (await queues.Decisions.CommitAsync(key, 0, Bytes("state"), Bytes("record"), Cancellation)).ShouldBeTrue();
        (await queues.Decisions.ListAsync(Cancellation)).ShouldContain(key);
    }
}
