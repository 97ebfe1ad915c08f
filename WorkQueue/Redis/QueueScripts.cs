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
        RedisCall.GuardAsync(RunAsync(script, Connections.ControlAsync(), arguments), Connections.Limit, cancellation);

    /// <summary>One that brings a body.</summary>
    public Task<RedisResult> BulkAsync(LuaScript script, CancellationToken cancellation, params RedisValue[] arguments) =>
        RedisCall.GuardAsync(RunAsync(script, Connections.BulkAsync(), arguments), Connections.Limit, cancellation);

    /// <summary>One behind a body: both leave on the same connection in this order, one round trip together.</summary>
    public Task<RedisResult> WithBodyAsync(
        LuaScript script, RedisKey bodyKey, ReadOnlyMemory<byte> body, TimeSpan expiry, CancellationToken cancellation, params RedisValue[] arguments)
    {
        return RedisCall.GuardAsync(SendAsync(), Connections.Limit, cancellation);

        async Task<RedisResult> SendAsync()
        {
            var database = await Connections.BulkAsync().ConfigureAwait(false);
            var set = database.StringSetAsync(bodyKey, body, expiry);
            var run = script.RunAsync(database, _keys, WithPrefix(arguments));
            await set.ConfigureAwait(false);
            return await run.ConfigureAwait(false);
        }
    }

    private async Task<RedisResult> RunAsync(LuaScript script, Task<IDatabase> database, RedisValue[] arguments) =>
        await script.RunAsync(await database.ConfigureAwait(false), _keys, WithPrefix(arguments)).ConfigureAwait(false);

    private RedisValue[] WithPrefix(RedisValue[] arguments) => [Prefix, .. arguments];
}
