using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

internal sealed class RedisDecisionStore(RedisConnections connections, TimeProvider time) : IDecisionStore
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, QueueScripts> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ScaledObjectKey, long> _listed = new();

    public async Task<DecisionContext> ReadAsync(ScaledObjectKey key, CancellationToken cancellation)
    {
        var parts = (await Scripts(key).ControlAsync(LuaScript.Signals, cancellation, Name(key)).ConfigureAwait(false)).Items();
        var decision = parts[10].Items();
        return new DecisionContext(
            SignalsReader.Read(parts), RedisLocalScale.Read(parts[11]), decision[0].Number(), decision[1].IsNull ? default : decision[1].Bytes());
    }

    public async Task<bool> CommitAsync(
        ScaledObjectKey key, long readVersion, ReadOnlyMemory<byte> state, ReadOnlyMemory<byte> record, CancellationToken cancellation)
    {
        var done = await Scripts(key).ControlAsync(
            LuaScript.Decide, cancellation, Name(key), readVersion, state, record, IDecisionStore.HistoryLength).ConfigureAwait(false);
        await ListAsKnownAsync(key, cancellation).ConfigureAwait(false);
        return done.Number() == 1;
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> HistoryAsync(ScaledObjectKey key, int count, CancellationToken cancellation)
    {
        var scripts = Scripts(key);
        var database = await RedisCall.GuardAsync(connections.ControlAsync(), connections, cancellation).ConfigureAwait(false);
        var records = await RedisCall.GuardAsync(
            database.ListRangeAsync($"{scripts.Prefix}decisions:{Name(key)}", 0, count - 1), connections, cancellation).ConfigureAwait(false);
        return [.. records.Select(record => (ReadOnlyMemory<byte>)record)];
    }

    public async Task<IReadOnlyList<ScaledObjectKey>> ListAsync(CancellationToken cancellation)
    {
        var database = await RedisCall.GuardAsync(connections.ControlAsync(), connections, cancellation).ConfigureAwait(false);
        var since = (time.GetUtcNow() - KnownFor).ToUnixTimeSeconds();
        var members = await RedisCall.GuardAsync(
            database.SortedSetRangeByScoreAsync(QueueKeys.ScaledObjects, since), connections, cancellation).ConfigureAwait(false);
        return
        [
            .. members.Select(member => ((string?)member ?? "").Split('/')).Where(parts => parts.Length == 3)
                .Select(parts => new ScaledObjectKey(parts[0], parts[1], parts[2])),
        ];
    }

    // The list lives in another slot than the queue; once a minute is enough for it.
    private async Task ListAsKnownAsync(ScaledObjectKey key, CancellationToken cancellation)
    {
        var listed = _listed.TryGetValue(key, out var at);
        if (listed && time.GetElapsedTime(at) < TimeSpan.FromMinutes(1))
            return;
        _listed[key] = time.GetTimestamp();
        var database = await RedisCall.GuardAsync(connections.ControlAsync(), connections, cancellation).ConfigureAwait(false);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        await database.SortedSetAddAsync(QueueKeys.ScaledObjects, $"{Name(key)}/{key.Queue}", now, flags: CommandFlags.FireAndForget)
            .ConfigureAwait(false);
        await database.SortedSetRemoveRangeByScoreAsync(
            QueueKeys.ScaledObjects, double.NegativeInfinity, now - KnownFor.TotalSeconds, flags: CommandFlags.FireAndForget).ConfigureAwait(false);
    }

    private QueueScripts Scripts(ScaledObjectKey key) => _queues.GetOrAdd(key.Queue, static (queue, self) =>
    {
        QueueKeys.Validate(queue);
        return new QueueScripts(self, queue);
    }, connections);

    private static string Name(ScaledObjectKey key) => $"{key.Namespace}/{key.Name}";
}
