using Keda.Inference.WorkQueue;

namespace Keda.Inference.LocalCluster;

/// <summary>
/// Stands in for the Deployment controller and the kubelet: as many workers as wanted, restarted after a crash with a growing pause, ended with
/// SIGTERM and a grace period.
/// </summary>
internal sealed class WorkerFleet(ClusterOptions options, string redis, IWorkQueue queue, ClusterConsole console, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadinessPeriod = TimeSpan.FromMilliseconds(100);
    private readonly Lock _lock = new();
    private readonly List<Replica> _replicas = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private int _started;

    /// <summary>Completes when the first worker is ready; fails when it cannot start at all.</summary>
    public TaskCompletionSource FirstReady { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Those that are wanted, ready or not.</summary>
    public IReadOnlyList<Replica> Wanted()
    {
        lock (_lock)
            return [.. _replicas.Where(replica => !replica.IsTerminating)];
    }

    /// <summary>Makes it so that <paramref name="count"/> are wanted.</summary>
    public void SetWanted(int count)
    {
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            var wanted = _replicas.Where(replica => !replica.IsTerminating).ToList();
            for (var i = wanted.Count; i < count; i++)
                Add();
            // Those that are not ready go first, then the youngest, as the ReplicaSet controller chooses.
            foreach (var surplus in wanted.OrderBy(replica => replica.IsReady).ThenByDescending(replica => replica.StartedAt)
                .ThenByDescending(replica => replica.Ordinal).Take(wanted.Count - count))
            {
                surplus.Terminate();
            }
        }
    }

    /// <summary>Follows the workers' own word on their readiness until cancelled.</summary>
    public async Task WatchReadinessAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(ReadinessPeriod, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                var ready = (await queue.Workers.ListAsync(cancellation)).Where(worker => worker.State == WorkerState.Ready)
                    .Select(worker => worker.Id).ToHashSet(StringComparer.Ordinal);
                lock (_lock)
                {
                    foreach (var replica in _replicas.Where(replica => replica.IsReady != ready.Contains(replica.Name)))
                    {
                        replica.IsReady = !replica.IsReady;
                        replica.ReadyChangedAt = time.GetUtcNow();
                        if (replica.IsReady)
                            Ready(replica);
                    }
                }
            }
            catch (WorkQueueUnavailableException)
            {
                // as the kubelet, which keeps the last state it knows
            }
        }
    }

    /// <summary>Ends all: SIGTERM, and after <paramref name="grace"/> SIGKILL.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            foreach (var replica in _replicas)
                replica.Terminate();
            running = [.. _running];
        }

        var all = Task.WhenAll(running);
        await Task.WhenAny(all, Task.Delay(grace, time));
        lock (_lock)
        {
            foreach (var replica in _replicas)
                replica.Process?.Kill();
        }

        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();

    private void Ready(Replica replica)
    {
        // After a restart it is no measure of how long a replica takes to start.
        if (!replica.WasReady && replica.Restarts == 0)
            console.Line(FormattableString.Invariant($"{replica.Name} ready {(replica.ReadyChangedAt - replica.StartedAt).TotalSeconds:0.000} s after it was asked for"));
        replica.WasReady = true;
        FirstReady.TrySetResult();
    }

    // The lowest free ordinal, so that ports stay within a known range.
    private void Add()
    {
        var ordinal = Enumerable.Range(0, int.MaxValue).First(i => _replicas.All(replica => replica.Ordinal != i));
        var replica = new Replica($"{ClusterOptions.Queue}-{++_started}", ordinal, time.GetUtcNow());
        _replicas.Add(replica);
        _running.RemoveAll(task => task.IsCompletedSuccessfully);
        _running.Add(Task.Run(() => RunAsync(replica)));
    }

    private async Task RunAsync(Replica replica)
    {
        try
        {
            using var quota = options.CpuLimit is { } cores ? CpuQuota.Create(replica.Name, cores) : null;
            replica.Quota = quota;
            while (!replica.IsTerminating && !_stop.IsCancellationRequested)
            {
                if (!await RunOnceAsync(replica))
                    return;
                var pause = TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, replica.Restarts++)));
                console.Line($"{replica.Name} ended unexpectedly; restart in {pause.TotalSeconds:0} s");
                await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (ClusterException refused)
        {
            FirstReady.TrySetException(refused);
        }
        finally
        {
            lock (_lock)
                _replicas.Remove(replica);
        }
    }

    // True when it ended by itself and is to be started again.
    private async Task<bool> RunOnceAsync(Replica replica)
    {
        using var process = ServiceProcess.Start(
            options.Worker ?? ServiceProcess.ProgramOf("InferenceFunction"), replica.Name, Settings(replica), replica.Quota, options.Verbose ? line => console.Line($"{replica.Name}: {line}") : null);
        lock (_lock)
        {
            replica.Process = process;
            if (replica.IsTerminating || _stop.IsCancellationRequested)
                process.Terminate();
        }

        await EndedAsync(replica, process);
        lock (_lock)
        {
            replica.Process = null;
            replica.IsReady = false;
        }

        if (process.ExitCode == ClusterProgram.Usage && !FirstReady.Task.IsCompleted)
            throw new ClusterException($"The worker cannot start: {process.LastWords}", ClusterProgram.Usage);
        return !replica.IsTerminating && !_stop.IsCancellationRequested;
    }

    private async Task EndedAsync(Replica replica, ServiceProcess process)
    {
        var ended = process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAny(ended, replica.Terminating);
        if (!ended.IsCompleted)
            await Task.WhenAny(ended, Task.Delay(GracePeriod, time, _stop.Token));
        if (!ended.IsCompleted && !_stop.IsCancellationRequested)
            process.Kill();
        await ended;
    }

    private Dictionary<string, string> Settings(Replica replica)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Redis:ConnectionString"] = redis,
            ["Redis:TimeoutMs"] = $"{Cluster.StoreLimitMs}",
            ["Queue:Name"] = ClusterOptions.Queue,
            ["Worker:Id"] = replica.Name,
            ["Worker:BindAddress"] = "127.0.0.1",
            ["Worker:HttpPort"] = $"{(options.WorkerHttpPort == 0 ? 0 : options.WorkerHttpPort + replica.Ordinal)}",
        };
        if (options.Model is { } model)
            settings["Model:Path"] = model;
        if (options.Precision is { } precision)
            settings["Model:Precision"] = precision;
        return settings;
    }
}
