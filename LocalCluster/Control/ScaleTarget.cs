using Keda.Inference.WorkQueue;

namespace Keda.Inference.LocalCluster;

/// <summary>
/// The scale of the workers: what KEDA, the HPA and the scaler's fast lane change. It is written to the store as the record that the scaler reads
/// instead of the <c>/scale</c> subresource.
/// </summary>
internal sealed class ScaleTarget(ClusterOptions options, WorkerFleet fleet, ILocalScale record, ClusterConsole console, TimeProvider time) : IDisposable
{
    // The record lives 15 s in the store.
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _changing = new(1);
    private readonly List<(DateTimeOffset At, int Replicas)> _history = [];

    /// <summary><c>spec.replicas</c>.</summary>
    public int Replicas { get; private set; }

    /// <summary>Every change, oldest first.</summary>
    public IReadOnlyList<(DateTimeOffset At, int Replicas)> History
    {
        get
        {
            lock (_history)
                return [.. _history];
        }
    }

    /// <summary>The first replicas, without a word.</summary>
    public async Task StartAsync(int replicas, CancellationToken cancellation)
    {
        Apply(replicas);
        await WriteAsync(cancellation);
    }

    /// <summary>
    /// Sets the replicas to what <paramref name="decide"/> makes of the current ones, and prints a change with its reason.
    /// </summary>
    public async Task ChangeAsync(Func<int, int> decide, Func<int, int, Task<string>> reason, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            var (from, to) = (Replicas, decide(Replicas));
            if (to == from)
                return;
            Apply(to);
            await WriteAsync(cancellation);
            console.Line($"replicas {from} -> {to}: {await reason(from, to)}");
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Keeps the record alive until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Refresh, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            await _changing.WaitAsync(cancellation);
            try
            {
                // A raise that was announced but not yet applied here must not be taken back.
                var stored = await record.GetAsync(cancellation);
                if (stored is null || stored.Replicas <= Replicas)
                    await WriteAsync(cancellation);
            }
            catch (WorkQueueUnavailableException)
            {
                // written at the next tick
            }
            finally
            {
                _changing.Release();
            }
        }
    }

    public void Dispose() => _changing.Dispose();

    private void Apply(int replicas)
    {
        Replicas = replicas;
        lock (_history)
            _history.Add((time.GetUtcNow(), replicas));
        fleet.SetWanted(replicas);
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        try
        {
            await record.SetAsync(new LocalScaleRecord(Replicas, options.Min, options.Max), cancellation);
        }
        catch (WorkQueueUnavailableException)
        {
            // kept up to date by KeepAsync
        }
    }
}
