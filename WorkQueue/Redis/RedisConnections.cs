using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>
/// The process' connections: one for bodies and what must stay in order with them, one for small messages, so that a picture on its way
/// delays no lease. Both come back by themselves after a restart or a failover.
/// </summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _bulk;
    private readonly Lazy<Task<ConnectionMultiplexer>> _control;

    public RedisConnections(RedisOptions options)
    {
        Limit = TimeSpan.FromMilliseconds(options.TimeoutMs);
        _bulk = new(() => ConnectAsync(options, "bulk"));
        _control = new(() => ConnectAsync(options, "control"));
    }

    /// <summary>How long one command may take.</summary>
    public TimeSpan Limit { get; }

    public async Task<IDatabase> BulkAsync() => (await _bulk.Value.ConfigureAwait(false)).GetDatabase();

    public async Task<IDatabase> ControlAsync() => (await _control.Value.ConfigureAwait(false)).GetDatabase();

    public Task<ConnectionMultiplexer> ControlMultiplexerAsync() => _control.Value;

    /// <summary>Begins to connect, without waiting.</summary>
    public void Open()
    {
        _ = _bulk.Value;
        _ = _control.Value;
    }

    /// <summary>The configuration both connections use.</summary>
    internal static ConfigurationOptions Configure(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.ConnectionString);
        if (!string.IsNullOrEmpty(options.Password))
            configuration.Password = options.Password;
        configuration.AbortOnConnectFail = false;
        // A caller is told at once that Redis is away rather than kept waiting in a backlog.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.AsyncTimeout = configuration.SyncTimeout = options.TimeoutMs;
        configuration.ConnectTimeout = Math.Max(options.TimeoutMs, 2000);
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        configuration.KeepAlive = 5;
        configuration.ReconnectRetryPolicy = new LinearRetry(250);
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(RedisOptions options, string purpose)
    {
        var configuration = Configure(options);
        configuration.ClientName = $"keda-inference-{purpose}";
        return await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in new[] { _bulk, _control })
        {
            if (connection.IsValueCreated)
                await (await connection.Value.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }
}
