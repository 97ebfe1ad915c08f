using System.Runtime.CompilerServices;

namespace Keda.Inference.WorkQueue;

/// <summary>The queue over Redis; its scripts are in the folder Scripts.</summary>
internal sealed partial class RedisWorkQueue : IWorkQueue
{
    private readonly QueueScripts _scripts;
    private readonly ReplyInbox _inbox;
    private readonly WorkSignal _arrivals;
    private readonly TimeProvider _time;
    private long _emptyAt = -1;
    private long _reclaimedAt;

    public RedisWorkQueue(RedisConnections connections, ReplyInbox inbox, string name, WorkQueueOptions options, TimeProvider time)
    {
        _scripts = new QueueScripts(connections, name);
        _inbox = inbox;
        _time = time;
        _arrivals = new WorkSignal(connections, QueueKeys.Wake(name));
        Name = name;
        Options = options;
        Workers = new RedisWorkerRegistry(_scripts);
        LocalScale = new RedisLocalScale(_scripts);
        DeadLetters = new RedisDeadLetters(_scripts, options);
        Callbacks = new RedisCallbackQueue(_scripts);
    }

    public string Name { get; }

    public WorkQueueOptions Options { get; }

    public IWorkerRegistry Workers { get; }

    public ILocalScale LocalScale { get; }

    public IDeadLetters DeadLetters { get; }

    public ICallbackQueue Callbacks { get; }

    /// <summary>How many jobs this process waits for.</summary>
    internal int Expected => _inbox.Count;

    private long DeadLetterMs => (long)(Options.DeadLetterSeconds * 1000);

    public async Task<JobStatus> GetStatusAsync(string jobId, CancellationToken cancellation)
    {
        var f = (await _scripts.ControlAsync(LuaScript.Status, cancellation, jobId, "").ConfigureAwait(false)).Items();
        var state = Reply.State(f[0].Text());
        if (state == JobState.Unknown)
            return new JobStatus(jobId, state, null, 0, null);
        var attempts = (int)f[2].Number();
        return new JobStatus(jobId, state, f[1].IsNull ? null : f[1].Number(), attempts, Reply.Outcome(state, attempts, f[3], f[4], f[5]));
    }

    public async Task<JobState> CancelAsync(string jobId, CancellationToken cancellation) =>
        Reply.State((await WithdrawAsync(jobId, "cancelled", cancellation).ConfigureAwait(false))[0].TextOrNull());

    public async Task<JobState> ExpireAsync(string jobId, CancellationToken cancellation) =>
        Reply.State((await WithdrawAsync(jobId, "expired", cancellation).ConfigureAwait(false))[1].TextOrNull());

    public async Task<int> SweepAsync(CancellationToken cancellation) =>
        (int)(await _scripts.ControlAsync(LuaScript.Sweep, cancellation, Options.MaxAttempts, DeadLetterMs).ConfigureAwait(false)).Number();

    public async Task<QueueSignals> GetSignalsAsync(CancellationToken cancellation) =>
        SignalsReader.Read((await _scripts.ControlAsync(LuaScript.Signals, cancellation, "").ConfigureAwait(false)).Items());

    public async Task WaitForWorkAsync(CancellationToken cancellation)
    {
        _ = _arrivals.OpenAsync();
        // By chance up to a quarter more, so that idle workers do not all look at once.
        var limit = TimeSpan.FromMilliseconds(Options.IdlePollMs * (1 + (Random.Shared.NextDouble() / 4)));
        await _arrivals.WaitAsync(Interlocked.Read(ref _emptyAt), limit, _time, cancellation).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<bool> WatchArrivalsAsync(TimeSpan atLeastEvery, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _ = _arrivals.OpenAsync();
        while (!cancellation.IsCancellationRequested)
        {
            var seen = _arrivals.Generation;
            yield return true;
            await _arrivals.WaitAsync(seen, atLeastEvery, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<StackExchange.Redis.RedisResult[]> WithdrawAsync(string jobId, string state, CancellationToken cancellation) =>
        (await _scripts.ControlAsync(LuaScript.Withdraw, cancellation, jobId, state).ConfigureAwait(false)).Items();
}
