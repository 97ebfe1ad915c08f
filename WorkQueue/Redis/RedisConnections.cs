using System.Security.Authentication;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>
/// The process' connections: one for bodies and what must stay in order with them, one for small messages, so that a picture on its way
/// delays no lease. Both come back by themselves after a restart or a failover.
/// </summary>
internal sealed class RedisConnections : IAsyncDisposable
{
    // The client itself gives up when a Sentinel names a primary that does not answer, as in the middle of a failover.
    private readonly Retained<ConnectionMultiplexer> _bulk;
    private readonly Retained<ConnectionMultiplexer> _control;
    private readonly Retained<IDatabase> _bulkDatabase;
    private readonly Retained<IDatabase> _controlDatabase;
    private volatile AuthenticationException? _refusal;

    public RedisConnections(RedisOptions options)
    {
        Limit = TimeSpan.FromMilliseconds(options.TimeoutMs);
        _bulk = new(() => ConnectAsync(options, "bulk"));
        _control = new(() => ConnectAsync(options, "control"));
        _bulkDatabase = new(async () => (await _bulk.Task.ConfigureAwait(false)).GetDatabase());
        _controlDatabase = new(async () => (await _control.Task.ConfigureAwait(false)).GetDatabase());
    }

    /// <summary>How long one command may take.</summary>
    public TimeSpan Limit { get; }

    public Task<IDatabase> BulkAsync() => _bulkDatabase.Task;

    public Task<IDatabase> ControlAsync() => _controlDatabase.Task;

    /// <summary>The database once the first attempt to connect is over, waited for within the limit.</summary>
    public ValueTask<IDatabase> ReadyAsync(Task<IDatabase> connection, CancellationToken cancellation) =>
        connection.IsCompletedSuccessfully ? new(connection.Result) : new(connection.WaitAsync(Limit, cancellation));

    /// <summary>What kept a call from an answer: that TLS fails, where the call only knows that its time was over.</summary>
    public Exception Explain(Exception away) => away is TimeoutException && _refusal is { } why ? why : away;

    public Task<ConnectionMultiplexer> ControlMultiplexerAsync() => _control.Task;

    /// <summary>
    /// Subscribes on the control connection. The client keeps subscriptions on a socket of their own, which may still be on its way when the
    /// other one is ready: that is waited for within the limit.
    /// </summary>
    /// <returns>The multiplexer, whose subscriptions come back by themselves from then on.</returns>
    public async Task<ConnectionMultiplexer> SubscribeAsync(string channel, Action<RedisChannel, RedisValue> handler)
    {
        var multiplexer = await _control.Task.ConfigureAwait(false);
        var subscriber = multiplexer.GetSubscriber();
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            try
            {
                await subscriber.SubscribeAsync(RedisChannel.Literal(channel), handler).ConfigureAwait(false);
                return multiplexer;
            }
            catch (Exception failed)
            {
                // The client keeps the handler of a subscription that failed, and would call it once more for every try.
                await subscriber.UnsubscribeAsync(RedisChannel.Literal(channel), handler, CommandFlags.FireAndForget).ConfigureAwait(false);
                if (failed is not RedisConnectionException || limit.IsCancellationRequested)
                    throw;
                // The client tells nobody when that socket is first ready.
                await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Begins to connect, without waiting.</summary>
    public void Open()
    {
        _ = _bulk.Task;
        _ = _control.Task;
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
        configuration.ConnectRetry = 1; // the next ones are the heartbeat's, sooner than the client's own
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(100); // looks for commands past their limit
        configuration.KeepAlive = 5;
        configuration.ReconnectRetryPolicy = new LinearRetry(250);
        configuration.IncludeDetailInExceptions = false;
        RedisTls.Apply(configuration, options);
        return configuration;
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(RedisOptions options, string purpose)
    {
        var configuration = Configure(options);
        configuration.ConnectionAttemptCompleted += (_, attempt) =>
        {
            if (attempt.IsSuccess)
                _refusal = null;
            else if (attempt.Exception is AuthenticationException refusal)
                _refusal = refusal;
        };
        configuration.ClientName = $"keda-inference-{purpose}";
        return await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in new[] { _bulk, _control })
        {
            if (await connection.EndedAsync().ConfigureAwait(false) is { } multiplexer)
                await multiplexer.DisposeAsync().ConfigureAwait(false);
        }
    }
}
