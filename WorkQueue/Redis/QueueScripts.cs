using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>Runs the scripts of one queue within the time limit.</summary>
internal sealed class QueueScripts(RedisConnections connections, string queue)
{
    private readonly RedisKey[] _keys = [QueueKeys.Waiting(queue)];

    public RedisConnections Connections { get; } = connections;

    public string Queue { get; } = queue;

    public string Prefix { get; } = QueueKeys.Prefix(queue);

    /// <summary>A small message.</summary>
    public Task<RedisResult> ControlAsync(LuaScript script, CancellationToken cancellation, params RedisValue[] arguments) =>
        // The client itself ends a command that is not answered within the limit.
        OnAsync(Connections.ControlAsync(), database => script.RunAsync(database, _keys, WithPrefix(arguments)).WaitAsync(cancellation), cancellation);

    /// <summary>The body of a job; null when there is none any more. Nothing but the client's own limit ends the wait.</summary>
    public Task<byte[]?> BodyAsync(string jobId) =>
        OnAsync(
            Connections.BulkAsync(), async database => (byte[]?)await database.StringGetAsync(QueueKeys.Body(Prefix, jobId)).ConfigureAwait(false),
            CancellationToken.None);

    /// <summary>One behind a body: both leave on the same connection in this order, one round trip together.</summary>
    public Task<RedisResult> WithBodyAsync(
        LuaScript script, RedisKey bodyKey, ReadOnlyMemory<byte> body, TimeSpan expiry, CancellationToken cancellation, params RedisValue[] arguments) =>
        OnAsync(
            Connections.BulkAsync(),
            async database =>
            {
                var set = database.StringSetAsync(bodyKey, body, expiry);
                var run = script.RunAsync(database, _keys, WithPrefix(arguments));
                await set.WaitAsync(cancellation).ConfigureAwait(false);
                return await run.WaitAsync(cancellation).ConfigureAwait(false);
            },
            cancellation);

    private async Task<T> OnAsync<T>(Task<IDatabase> connection, Func<IDatabase, Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call(await Connections.ReadyAsync(connection, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception away) when (RedisCall.IsAway(away))
        {
            throw RedisCall.Unavailable(Connections.Explain(away));
        }
    }

    private RedisValue[] WithPrefix(RedisValue[] arguments) => [Prefix, .. arguments];
}
