using Keda.Inference.Testing;

[assembly: AssemblyFixture(typeof(Keda.Inference.Ingress.Tests.Store))]

namespace Keda.Inference.Ingress.Tests;

public enum StoreKind
{
    /// <summary>Always there.</summary>
    Embedded,

    /// <summary>A real redis-server, skipped where none is installed.</summary>
    Redis,
}

/// <summary>One embedded store and one redis-server for all tests; each test takes queues of its own.</summary>
public sealed class Store : IAsyncLifetime
{
    private readonly Lazy<LocalCluster.EmbeddedStore> _embedded = new(() => LocalCluster.EmbeddedStore.Start());
    private readonly Lazy<Task<RedisServer>> _redis = new(() => RedisServer.StartAsync());
    private int _queues;

    public async Task<string> ConnectionAsync(StoreKind kind)
    {
        Assert.SkipWhen(kind == StoreKind.Redis && !RedisServer.IsInstalled, "redis-server is not on PATH.");
        return kind == StoreKind.Redis ? (await _redis.Value).ConnectionString : _embedded.Value.ConnectionString;
    }

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
