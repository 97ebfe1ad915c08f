using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

internal sealed class RedisLocalScale(QueueScripts scripts) : ILocalScale
{
    public async Task<LocalScaleRecord?> GetAsync(CancellationToken cancellation) =>
        Read(await scripts.ControlAsync(LuaScript.Scale, cancellation, "get").ConfigureAwait(false));

    public async Task SetAsync(LocalScaleRecord record, CancellationToken cancellation) =>
        await scripts.ControlAsync(
            LuaScript.Scale, cancellation, "set", record.Replicas, record.MinReplicas, record.MaxReplicas, record.Paused ? 1 : 0)
            .ConfigureAwait(false);

    public async Task<int?> RaiseAsync(int replicas, CancellationToken cancellation) =>
        Read(await scripts.ControlAsync(LuaScript.Scale, cancellation, "raise", replicas).ConfigureAwait(false))?.Replicas;

    public async Task RemoveAsync(CancellationToken cancellation) =>
        await scripts.ControlAsync(LuaScript.Scale, cancellation, "remove").ConfigureAwait(false);

    public async IAsyncEnumerable<LocalScaleRecord> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var changes = Channel.CreateUnbounded<LocalScaleRecord>();
        var channel = QueueKeys.Scaled(scripts.Queue);
        var multiplexer = await scripts.Connections.SubscribeAsync(channel, OnMessage).WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await foreach (var record in changes.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return record;
        }
        finally
        {
            await multiplexer.GetSubscriber().UnsubscribeAsync(RedisChannel.Literal(channel), OnMessage, CommandFlags.FireAndForget).ConfigureAwait(false);
        }

        void OnMessage(RedisChannel _, RedisValue message)
        {
            var parts = ((string?)message ?? "").Split(' ');
            if (parts.Length == 4)
                changes.Writer.TryWrite(new(int.Parse(parts[0]), int.Parse(parts[1]), int.Parse(parts[2]), parts[3] == "1"));
        }
    }

    /// <summary>Reads the four fields; null when the record is not there.</summary>
    public static LocalScaleRecord? Read(RedisResult fields)
    {
        var items = fields.IsNull ? [] : fields.Items();
        return items.Length < 4 || items[0].IsNull
            ? null
            : new((int)items[0].Number(), (int)items[1].Number(), (int)items[2].Number(), items[3].Number() == 1);
    }
}
