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
        RunAsync(script, Connections.ControlAsync(), arguments, cancellation);

    /// <summary>One that brings a body.</summary>
    public Task<RedisResult> BulkAsync(LuaScript script, CancellationToken cancellation, params RedisValue[] arguments) =>
        RunAsync(script, Connections.BulkAsync(), arguments, cancellation);

    /// <summary>One behind a body: both leave on the same connection in this order, one round trip together.</summary>
    public async Task<RedisResult> WithBodyAsync(
        LuaScript script, RedisKey bodyKey, ReadOnlyMemory<byte> body, TimeSpan expiry, CancellationToken cancellation, params RedisValue[] arguments)
    {
        try
        {
            var database = await Connections.ReadyAsync(Connections.BulkAsync(), cancellation).ConfigureAwait(false);
            var set = database.StringSetAsync(bodyKey, body, expiry);
            var run = script.RunAsync(database, _keys, WithPrefix(arguments));
            await set.WaitAsync(cancellation).ConfigureAwait(false);
            return await run.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception away) when (RedisCall.IsAway(away))
        {
            throw RedisCall.Unavailable(away);
        }
    }

    private async Task<RedisResult> RunAsync(LuaScript script, Task<IDatabase> connection, RedisValue[] arguments, CancellationToken cancellation)
    {
        try
        {
            var database = await Connections.ReadyAsync(connection, cancellation).ConfigureAwait(false);
            // The client itself ends a command that is not answered within the limit.
            return await script.RunAsync(database, _keys, WithPrefix(arguments)).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception away) when (RedisCall.IsAway(away))
        {
            throw RedisCall.Unavailable(away);
        }
    }

    private RedisValue[] WithPrefix(RedisValue[] arguments) => [Prefix, .. arguments];
}
