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
    private readonly Lazy<Task<IngressHost>> _refusing;
    private int _queues;

    public Store() =>
        _refusing = new(async () => await IngressHost.StartAsync(await ConnectionAsync(StoreKind.Embedded), NewQueue()));

    /// <summary>One host for all requests that are refused before they are enqueued.</summary>
    internal Task<IngressHost> RefusingHostAsync() => _refusing.Value;

    public async Task<string> ConnectionAsync(StoreKind kind)
    {
        Assert.SkipWhen(kind == StoreKind.Redis && !RedisServer.IsInstalled, "redis-server is not on PATH.");
        return kind == StoreKind.Redis ? (await _redis.Value).ConnectionString : _embedded.Value.ConnectionString;
    }

    public string NewQueue() => $"q{Interlocked.Increment(ref _queues)}";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_refusing.IsValueCreated)
            await (await _refusing.Value).DisposeAsync();
        if (_redis.IsValueCreated)
            await (await _redis.Value).DisposeAsync();
        if (_embedded.IsValueCreated)
            _embedded.Value.Dispose();
    }
}
