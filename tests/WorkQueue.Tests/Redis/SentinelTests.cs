using Keda.Inference.Testing;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue.Tests.Redis;

/// <summary>A primary, its replica and a Sentinel that replaces the one by the other.</summary>
public sealed class SentinelTests(Store store) : DeploymentTest(store)
{
    private const string Name = "mymaster";
    private static readonly string[] Quick = ["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"];

    [Theory]
    [InlineData(null)]
    [InlineData("secret-word")]
    public async Task Sentinel_PrimaryKilled_ServesFromTheReplicaWithoutRestart(string? password)
    {
        string[] secured = password is null ? Quick : [.. Quick, "--requirepass", password, "--masterauth", password];
        await using var primary = await RedisServer.StartOrSkipAsync(false, secured);
        await using var replica = await RedisServer.StartAsync(false, ["--replicaof", $"127.0.0.1 {primary.Port}", .. secured]);
        await WaitForReplicaAsync(replica, password);
        await using var sentinel = await RedisServer.StartSentinelAsync(primary, Name, password is null ? [] : [$"sentinel auth-pass {Name} {password}"]);
        await WaitForSentinelAsync(sentinel);
        await using var queues = Connect(sentinel, password);
        await EventuallyAsync(() => AcceptsAsync(queues), "a connection");
        await ServeOneAsync(queues, "before");

        await primary.KillAsync();

        await EventuallyAsync(() => AcceptsAsync(queues), "a failover");
        await ServeOneAsync(queues, "after");
    }

    [Fact]
    public async Task Sentinel_AwayAtTheStart_IsFoundOnceItIsThere()
    {
        await using var primary = await RedisServer.StartOrSkipAsync();
        await using var sentinel = await RedisServer.StartSentinelAsync(primary, Name);
        await sentinel.StopAsync();
        await using var queues = Connect(sentinel, null);
        (await AcceptsAsync(queues)).ShouldBeFalse();

        await sentinel.StartAgainAsync();

        await EventuallyAsync(() => AcceptsAsync(queues), "a connection");
        await ServeOneAsync(queues);
    }

    [Fact]
    public async Task Sentinel_PrimaryAwayAtTheStart_IsUsedOnceItIsThere()
    {
        // As for a worker that is started in the middle of a failover.
        await using var primary = await RedisServer.StartOrSkipAsync();
        await using var sentinel = await RedisServer.StartSentinelAsync(primary, Name);
        await primary.StopAsync();
        await using var queues = Connect(sentinel, null);
        (await AcceptsAsync(queues)).ShouldBeFalse();

        await primary.StartAgainAsync();

        await EventuallyAsync(() => AcceptsAsync(queues), "a connection");
        await ServeOneAsync(queues);
    }

    [Fact]
    public async Task Sentinel_LearnsOfThePrimaryLater_IsAskedAgain()
    {
        await using var primary = await RedisServer.StartOrSkipAsync();
        await using var sentinel = await RedisServer.StartSentinelAsync(primary, "another");
        await using var queues = Connect(sentinel, null);
        (await AcceptsAsync(queues)).ShouldBeFalse();

        await using (var admin = await ConnectionMultiplexer.SentinelConnectAsync(sentinel.ConnectionString))
            await admin.GetServers()[0].ExecuteAsync("SENTINEL", "MONITOR", Name, "127.0.0.1", primary.Port, 1);

        await EventuallyAsync(() => AcceptsAsync(queues), "a connection");
        await ServeOneAsync(queues);
    }

    private static IWorkQueues Connect(RedisServer sentinel, string? password) => WorkQueues.Connect(
        new RedisOptions { ConnectionString = $"{sentinel.ConnectionString},serviceName={Name}", Password = password, TimeoutMs = 5000 },
        name => new WorkQueueOptions { Name = name }, TimeProvider.System);

    private static async Task WaitForReplicaAsync(RedisServer replica, string? password)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{replica.ConnectionString},allowAdmin=true,password={password}");
        await EventuallyAsync(
            async () => ((string?)await admin.GetServers()[0].ExecuteAsync("INFO", "replication"))!.Contains("master_link_status:up", StringComparison.Ordinal),
            "the replica's first synchronisation");
    }

    // Without a replica that it knows to be in step a Sentinel can promote none.
    private static async Task WaitForSentinelAsync(RedisServer sentinel)
    {
        await using var admin = await ConnectionMultiplexer.SentinelConnectAsync(sentinel.ConnectionString);
        var server = admin.GetServers()[0];
        try
        {
            await server.ExecuteAsync("SENTINEL", "DEBUG", "info-period", 100);
        }
        catch (RedisServerException)
        {
            // Before Redis 7 it looks every ten seconds.
        }

        await EventuallyAsync(
            async () => (await server.SentinelReplicasAsync(Name)).Any(replica => replica.Contains(new("master-link-status", "ok"))),
            "the Sentinel's look at the replica");
    }
}
