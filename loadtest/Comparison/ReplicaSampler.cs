using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>Reads replicas and CPU once a second while a run goes on.</summary>
internal sealed class ReplicaSampler(Func<CancellationToken, Task<ReplicaSample>> read, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<ReplicaSample> _samples = [];

    public async Task<IReadOnlyList<ReplicaSample>> RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
                _samples.Add(await ReadAsync(cancellation));
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
        }

        return _samples;
    }

    /// <summary>A reading that fails is unknown for that moment; it must not cost the run.</summary>
    private async Task<ReplicaSample> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await read(cancellation);
        }
        catch (FailureException)
        {
            return new ReplicaSample(time.GetUtcNow(), null, null);
        }
    }
}
