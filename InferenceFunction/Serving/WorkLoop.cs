using Keda.Inference.InferenceFunction.Sessions;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>
/// Claims, computes and answers, one batch at a time. The next one is claimed in the last moment of the current one: early enough that
/// the core does not idle while Redis answers, too late to keep work from a replica that is idle.
/// </summary>
internal sealed class WorkLoop(
    JobFetcher fetcher, BatchPreparer preparer, BatchExecutor executor, JobFinisher finisher, StageEstimates estimates,
    WorkerOptions options, int cores, TimeProvider time) : IDisposable
{
    // Covers the timer's own unpunctuality.
    private static readonly TimeSpan s_margin = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan s_lastMoment = TimeSpan.FromSeconds(2);

    private readonly InferenceThread _thread = new();
    private readonly HashSet<Task> _finishing = [];
    private readonly HashSet<JobItem> _inHand = [];
    private readonly Lock _lock = new();
    private long _busySince;

    /// <summary>How long the current batch has been computing; zero when none is.</summary>
    public TimeSpan BusyFor => Interlocked.Read(ref _busySince) is not 0 and var since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Runs until <paramref name="stop"/>, then finishes what is claimed; what is not finished at <paramref name="abandon"/> goes back.</summary>
    public async Task RunAsync(Classifier classifier, CancellationToken stop, CancellationToken abandon)
    {
        var (current, other) = (classifier.CreateBuffer(), classifier.CreateBuffer());
        var working = LoopAsync();
        await Task.WhenAny(working, WhenAsync(abandon)).ConfigureAwait(false);
        if (!working.IsCompleted)
        {
            await ReleaseAsync().ConfigureAwait(false);
            await working.WaitAsync(s_lastMoment, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ReleaseAsync().ConfigureAwait(false);
            if (!working.IsCompleted)
                return; // an inference hangs; its memory must stay while it runs, and the process ends now
        }

        current.Dispose();
        other.Dispose();
        await working.ConfigureAwait(false);

        async Task LoopAsync()
        {
            var next = FetchAsync(current, null, stop);
            while (await next.ConfigureAwait(false) is { } batch && !abandon.IsCancellationRequested)
            {
                var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var computed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                Interlocked.Exchange(ref _busySince, Math.Max(1, time.GetTimestamp()));
                var computing = _thread.RunAsync(() => Compute(batch, started));
                (current, other) = (other, current);
                next = options.Prefetch ? PrefetchAsync(current, started.Task, computed.Task, stop) : null!;
                await computing.ConfigureAwait(false);
                Interlocked.Exchange(ref _busySince, 0);
                computed.SetResult();
                foreach (var item in batch.Items)
                    Track(item, abandon);
                next ??= FetchAsync(current, null, stop);
            }

            await DrainAsync(abandon).ConfigureAwait(false);
        }
    }

    public void Dispose() => _thread.Dispose();

    private void Compute(Batch batch, TaskCompletionSource started)
    {
        if (batch.Prepared is null)
            preparer.Prepare(batch);
        started.SetResult();
        executor.Execute(batch);
    }

    private async Task<Batch?> PrefetchAsync(BatchBuffer buffer, Task started, Task computed, CancellationToken stop)
    {
        await started.ConfigureAwait(false);
        var lead = (estimates.Claim * 1.5) + s_margin + (cores > 1 ? estimates.Preprocess : TimeSpan.Zero);
        var wait = estimates.Inference - lead;
        if (wait > TimeSpan.Zero)
            await Task.WhenAny(computed, Task.Delay(wait, time, CancellationToken.None)).ConfigureAwait(false);
        return await FetchAsync(buffer, computed, stop).ConfigureAwait(false);
    }

    private async Task<Batch?> FetchAsync(BatchBuffer buffer, Task? running, CancellationToken stop)
    {
        var items = await fetcher.FetchAsync(buffer.Capacity(options.MaxBatch), stop).ConfigureAwait(false);
        if (items.Count == 0)
            return null;
        lock (_lock)
            _inHand.UnionWith(items);
        var batch = new Batch(items, buffer);
        // With a core to spare the pictures are decoded while the previous inference ends; on one core that would only slow it down.
        if (cores > 1 && running is { IsCompleted: false })
            preparer.Prepare(batch);
        return batch;
    }

    private void Track(JobItem item, CancellationToken abandon)
    {
        var finishing = finisher.FinishAsync(item, abandon);
        lock (_lock)
            _finishing.Add(finishing);
        _ = finishing.ContinueWith(
            done =>
            {
                lock (_lock)
                {
                    _finishing.Remove(done);
                    if (!abandon.IsCancellationRequested)
                        _inHand.Remove(item);
                }
            },
            TaskScheduler.Default);
    }

    private async Task DrainAsync(CancellationToken abandon)
    {
        Task[] left;
        lock (_lock)
            left = [.. _finishing];
        await Task.WhenAll(left).WaitAsync(abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReleaseAsync()
    {
        JobItem[] left;
        lock (_lock)
        {
            left = [.. _inHand];
            _inHand.Clear();
        }

        await Task.WhenAll(left.Select(item => finisher.ReleaseAsync(item, CancellationToken.None))).ConfigureAwait(false);
    }

    private static async Task WhenAsync(CancellationToken cancelled) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
