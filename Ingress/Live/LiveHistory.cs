using System.Threading.Channels;

namespace Keda.Inference.Ingress.Live;

/// <summary>A bounded past and a feed of what comes.</summary>
internal sealed class LiveHistory
{
    /// <summary>Five minutes at two samples a second.</summary>
    public const int Length = 600;

    private readonly Lock _lock = new();
    private readonly Queue<LiveSample> _past = new(Length);
    private readonly HashSet<ChannelWriter<LiveSample>> _followers = [];

    public void Add(LiveSample sample)
    {
        lock (_lock)
        {
            if (_past.Count == Length)
                _past.Dequeue();
            _past.Enqueue(sample);
            foreach (var follower in _followers)
                follower.TryWrite(sample);
        }
    }

    /// <summary>The past and everything after it; a follower who is too slow loses the oldest samples.</summary>
    public Following Follow()
    {
        var channel = Channel.CreateBounded<LiveSample>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _followers.Add(channel.Writer);
            return new(this, channel, [.. _past]);
        }
    }

    private void Leave(ChannelWriter<LiveSample> follower)
    {
        lock (_lock)
            _followers.Remove(follower);
    }

    internal sealed class Following(LiveHistory history, Channel<LiveSample> channel, LiveSample[] past) : IDisposable
    {
        public LiveSample[] Past { get; } = past;

        public IAsyncEnumerable<LiveSample> Coming(CancellationToken cancellation) => channel.Reader.ReadAllAsync(cancellation);

        public void Dispose() => history.Leave(channel.Writer);
    }
}
