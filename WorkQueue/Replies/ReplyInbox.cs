using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>
/// Where the ends of jobs arrive that this process waits for: one subscription for all. What a lost connection may have swallowed is
/// asked for after it is back, and for long waits every few seconds.
/// </summary>
internal sealed class ReplyInbox : IAsyncDisposable
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>For so long after a connection changed replies may go astray: the subscription follows to another server in its own time.</summary>
    private static readonly TimeSpan Unrest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Waiter> _waiters = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly RedisConnections _connections;
    private readonly TimeProvider _time;
    private readonly Lock _opening = new();
    private Task? _subscribed;
    private Task? _asking;
    private long _disturbedAt;

    public ReplyInbox(RedisConnections connections, TimeProvider time)
    {
        _connections = connections;
        _time = time;
        Address = QueueKeys.Reply(Guid.NewGuid().ToString("N")[..16]);
    }

    /// <summary>The channel, to be named in jobs.</summary>
    public string Address { get; }

    /// <summary>How many jobs are expected.</summary>
    public int Count => _waiters.Count;

    /// <summary>Completes once replies can arrive.</summary>
    public Task OpenAsync()
    {
        lock (_opening)
        {
            if (_subscribed is null or { IsFaulted: true } or { IsCanceled: true })
                _subscribed = SubscribeAsync();
            return _subscribed;
        }
    }

    /// <summary>
    /// Begins to expect a job's end; to be called before it is enqueued. The same job may be expected by many; each ends it by
    /// <see cref="Forget"/>.
    /// </summary>
    /// <param name="jobId">The job.</param>
    /// <param name="ask">Asks for its end.</param>
    /// <param name="reserve">Whether the expectation is for whoever calls <see cref="TakeReserved"/> next.</param>
    public Task<JobOutcome> Expect(string jobId, Func<string, Task<JobOutcome?>> ask, bool reserve)
    {
        while (true)
        {
            var waiter = _waiters.GetOrAdd(jobId, static (_, seed) => new Waiter(seed.ask, seed.now), (ask, now: _time.GetTimestamp()));
            if (waiter.TryJoin(reserve))
                return waiter.Outcome.Task;
            // Its last one left this moment.
            _waiters.TryRemove(KeyValuePair.Create(jobId, waiter));
        }
    }

    /// <summary>The outcome that was reserved when the job was enqueued, for the first who asks; null for all others, who must expect it themselves.</summary>
    public Task<JobOutcome>? TakeReserved(string jobId) =>
        _waiters.TryGetValue(jobId, out var waiter) && waiter.TryTakeReservation() ? waiter.Outcome.Task : null;

    /// <summary>One of those who expected it has gone.</summary>
    public void Forget(string jobId)
    {
        if (_waiters.TryGetValue(jobId, out var waiter) && waiter.Leave())
            _waiters.TryRemove(KeyValuePair.Create(jobId, waiter));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_asking is not null)
            await _asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task SubscribeAsync()
    {
        var multiplexer = await _connections.SubscribeAsync(Address, OnMessage).ConfigureAwait(false);
        multiplexer.ConnectionFailed += (_, _) => Disturbed();
        multiplexer.ConfigurationChanged += (_, _) => Disturbed();
        multiplexer.ConnectionRestored += (_, _) =>
        {
            Disturbed();
            _ = AskForAsync(TimeSpan.Zero);
        };
        _asking ??= AskPeriodicallyAsync();
    }

    private void Disturbed() => Interlocked.Exchange(ref _disturbedAt, _time.GetTimestamp());

    private bool IsDisturbed => Interlocked.Read(ref _disturbedAt) is not 0 and var at && _time.GetElapsedTime(at) < Unrest;

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        if (ReplyMessage.TryParse((ReadOnlyMemory<byte>)message, out var id, out var outcome) && _waiters.TryGetValue(id, out var waiter))
            waiter.Outcome.TrySetResult(outcome);
    }

    private async Task AskPeriodicallyAsync()
    {
        using var timer = new PeriodicTimer(Tick, _time);
        var asked = _time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            var disturbed = IsDisturbed;
            if (!disturbed && _time.GetElapsedTime(asked) < AskAgain)
                continue;
            asked = _time.GetTimestamp();
            await AskForAsync(disturbed ? TimeSpan.Zero : AskAgain).ConfigureAwait(false);
        }
    }

    private async Task AskForAsync(TimeSpan waitedAtLeast)
    {
        foreach (var (id, waiter) in _waiters)
        {
            if (_stop.IsCancellationRequested)
                return;
            if (waiter.Outcome.Task.IsCompleted || _time.GetElapsedTime(waiter.Since) < waitedAtLeast)
                continue;
            try
            {
                // Before anybody waits for it a job may still be on its way to the store, which does not know it then.
                if (await waiter.Ask(id).ConfigureAwait(false) is { } outcome && !(outcome.State == JobState.Unknown && waiter.IsReserved))
                    waiter.Outcome.TrySetResult(outcome);
            }
            catch (WorkQueueUnavailableException)
            {
                return; // asked again when the connection is back
            }
        }
    }

    private sealed class Waiter(Func<string, Task<JobOutcome?>> ask, long since)
    {
        private readonly Lock _lock = new();
        private int _count;
        private bool _reserved;
        private bool _closed;

        public TaskCompletionSource<JobOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<string, Task<JobOutcome?>> Ask { get; } = ask;

        public long Since { get; } = since;

        /// <summary>Whether the one for whom it was reserved has not come yet.</summary>
        public bool IsReserved
        {
            get
            {
                lock (_lock)
                    return _reserved;
            }
        }

        public bool TryJoin(bool reserve)
        {
            lock (_lock)
            {
                if (_closed)
                    return false;
                _count++;
                _reserved |= reserve;
                return true;
            }
        }

        public bool TryTakeReservation()
        {
            lock (_lock)
            {
                var taken = _reserved;
                _reserved = false;
                return taken;
            }
        }

        /// <summary>True when it was the last one.</summary>
        public bool Leave()
        {
            lock (_lock)
                return _closed = --_count == 0;
        }
    }
}
