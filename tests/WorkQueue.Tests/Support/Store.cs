using Keda.Inference.Testing;

namespace Keda.Inference.WorkQueue.Tests;

/// <summary>The stores over which every test of the queue runs.</summary>
public enum StoreKind
{
    /// <summary>The embedded one, always there.</summary>
    Embedded,

    /// <summary>A real redis-server, skipped where none is installed.</summary>
    Redis,
}

/// <summary>One embedded store and one redis-server for all tests of the assembly; each test takes a queue name of its own.</summary>
public sealed class Store : IAsyncLifetime
{
    private readonly Lazy<LocalCluster.EmbeddedStore> _embedded = new(() => LocalCluster.EmbeddedStore.Start());
    private readonly Lazy<Task<RedisServer>> _redis = new(() => RedisServer.StartAsync());
    private int _queues;

    /// <summary>Queues over a store of the given kind, with connections of their own as another process would have them.</summary>
    public async Task<IWorkQueues> ConnectAsync(StoreKind kind, Action<WorkQueueOptions>? configure = null, TimeProvider? time = null)
    {
        return Connect(await AddressAsync(kind), configure, time);
    }

    /// <summary>How to connect to a store of that kind.</summary>
    internal async Task<RedisOptions> OptionsAsync(StoreKind kind) => new() { ConnectionString = await AddressAsync(kind), TimeoutMs = 5000 };

    /// <summary>Queues over the server at an address.</summary>
    public static IWorkQueues Connect(string connection, Action<WorkQueueOptions>? configure = null, TimeProvider? time = null) =>
        WorkQueues.Connect(
            new RedisOptions { ConnectionString = connection, TimeoutMs = 5000 },
            name =>
            {
                var options = new WorkQueueOptions { Name = name };
                configure?.Invoke(options);
                return options;
            },
            time ?? TimeProvider.System);

    /// <summary>Makes the server forget every script, as an operator or a failover may.</summary>
    public Task FlushScriptsAsync(StoreKind kind) => ExecuteAsync(kind, "SCRIPT", "FLUSH");

    /// <summary>Loses the body of a job, as a store that evicts keys may.</summary>
    public Task LoseBodyAsync(StoreKind kind, string queue, string jobId) => ExecuteAsync(kind, "DEL", QueueKeys.Body(QueueKeys.Prefix(queue), jobId));

    private async Task<string> AddressAsync(StoreKind kind)
    {
        Assert.SkipWhen(kind == StoreKind.Redis && !RedisServer.IsInstalled, "redis-server is not on PATH.");
        return kind == StoreKind.Redis ? (await _redis.Value).ConnectionString : _embedded.Value.ConnectionString;
    }

    private async Task<StackExchange.Redis.RedisResult> ExecuteAsync(StoreKind kind, string command, string argument)
    {
        await using var admin = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(await AddressAsync(kind));
        return await admin.GetDatabase().ExecuteAsync(command, argument);
    }

    /// <summary>Whether the store keeps the body of a job.</summary>
    public async Task<bool> HasBodyAsync(StoreKind kind, string queue, string jobId) =>
        (long)await ExecuteAsync(kind, "EXISTS", QueueKeys.Body(QueueKeys.Prefix(queue), jobId)) == 1;

    /// <summary>A name no other test uses.</summary>
    public string NewQueue() => $"q{Interlocked.Increment(ref _queues)}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_redis.IsValueCreated)
            await (await _redis.Value).DisposeAsync();
        if (_embedded.IsValueCreated)
            _embedded.Value.Dispose();
    }
}
