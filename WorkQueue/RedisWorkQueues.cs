using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Keda.Inference.WorkQueue;

internal sealed class RedisWorkQueues : IWorkQueues
{
    private readonly ConcurrentDictionary<string, IWorkQueue> _queues = new(StringComparer.Ordinal);
    private readonly RedisConnections _connections;
    private readonly ReplyInbox _inbox;
    private readonly Func<string, WorkQueueOptions> _options;
    private readonly TimeProvider _time;

    public RedisWorkQueues(RedisOptions redis, Func<string, WorkQueueOptions> options, TimeProvider time)
    {
        _connections = new RedisConnections(redis);
        _inbox = new ReplyInbox(_connections, time);
        _options = options;
        _time = time;
        Decisions = new RedisDecisionStore(_connections, time);
        _connections.Open();
    }

    public IDecisionStore Decisions { get; }

    public IWorkQueue Open(string name)
    {
        QueueKeys.Validate(name);
        return _queues.GetOrAdd(name, key => new RedisWorkQueue(_connections, _inbox, key, _options(key), _time));
    }

    public async Task<bool> PingAsync(CancellationToken cancellation)
    {
        try
        {
            await RedisCall.GuardAsync(SendAsync(), _connections, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (WorkQueueUnavailableException)
        {
            return false;
        }

        async Task<TimeSpan> SendAsync() => await (await _connections.ControlAsync().ConfigureAwait(false)).PingAsync().ConfigureAwait(false);
    }

    /// <summary>The rules of a queue: those of <c>Queue</c>, overridden by <c>Queues:{name}</c>.</summary>
    public static WorkQueueOptions OptionsOf(IConfiguration configuration, string name)
    {
        var options = new WorkQueueOptions();
        configuration.GetSection(WorkQueueOptions.Section).Bind(options);
        configuration.GetSection($"{WorkQueueOptions.OverridesSection}:{name}").Bind(options);
        options.Name = name;
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        await _inbox.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }
}
