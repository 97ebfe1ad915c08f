using Keda.Inference.LocalCluster;
using Keda.Inference.Testing;

namespace Keda.Inference.ExternalScaler.Tests.Support;

/// <summary>A store that the tests of a class share; each test has a queue of its own in it.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    public string ConnectionString { get; protected set; } = "";

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>The embedded store, which is always there.</summary>
public sealed class EmbeddedStoreFixture : StoreFixture
{
    private EmbeddedStore? _store;

    public override ValueTask InitializeAsync()
    {
        _store = EmbeddedStore.Start();
        ConnectionString = _store.ConnectionString;
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A real Redis where one is installed; tests without one are skipped.</summary>
public sealed class RedisFixture : StoreFixture
{
    private RedisServer? _server;

    public override async ValueTask InitializeAsync()
    {
        if (!RedisServer.IsInstalled)
            return;
        _server = await RedisServer.StartAsync();
        ConnectionString = _server.ConnectionString;
    }

    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
