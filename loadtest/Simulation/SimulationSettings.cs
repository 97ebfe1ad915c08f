using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>The system that is simulated; one set holds for every policy of a comparison.</summary>
internal sealed record SimulationSettings
{
    /// <summary>Where service times come from.</summary>
    public required ServiceTimes Service { get; init; }

    /// <summary>Where those of jobs that had to wait come from; null when they are like all others.</summary>
    public ServiceTimes? WaitedService { get; init; }

    /// <summary>Seconds from asking for a replica to its being ready; several are dealt at random, each once before any comes again. Default 8.</summary>
    public IReadOnlyList<double> StartupSeconds { get; init; } = [8];

    /// <summary>Lower bound of replicas. Default 1.</summary>
    public int MinReplicas { get; init; } = 1;

    /// <summary>Upper bound. Default 6.</summary>
    public int MaxReplicas { get; init; } = 6;

    /// <summary>These settings with a recorded run's times.</summary>
    /// <param name="recorded">The run.</param>
    /// <param name="replay">Whether the autoscaler looks when it did there.</param>
    public SimulationSettings With(Calibration.Calibration recorded, bool replay) => this with
    {
        Service = ServiceTimes.Recorded(recorded.ServiceSeconds),
        WaitedService = recorded.WaitedServiceSeconds.Count > 0 ? ServiceTimes.Recorded(recorded.WaitedServiceSeconds) : null,
        StartupSeconds = recorded.StartupSeconds.Count > 0 ? recorded.StartupSeconds : StartupSeconds,
        OverheadSeconds = recorded.OverheadSeconds,
        FirstLookSeconds = replay ? recorded.FirstLookSeconds : null,
    };

    /// <summary>The latency target, end to end, in seconds. Default 0.5. Also the queue's own target in adaptive LIFO.</summary>
    public double SloSeconds { get; init; } = 0.5;

    /// <summary>How long a caller waits, in seconds. Default 60.</summary>
    public double TimeoutSeconds { get; init; } = 60;

    /// <summary>What a request takes besides waiting and service, in seconds. Default 0.</summary>
    public double OverheadSeconds { get; init; }

    /// <summary>The queue's order of service. Default adaptive LIFO.</summary>
    public ServiceOrder Order { get; init; } = ServiceOrder.AdaptiveLifo;

    /// <summary>How long the load's first rate runs before the load begins, uncounted, in seconds. Default 120.</summary>
    public double LeadInSeconds { get; init; } = 120;

    /// <summary>The HPA's sync period in seconds. Default 15.</summary>
    public double SyncSeconds { get; init; } = 15;

    /// <summary>KEDA's polling interval in seconds. Default 15.</summary>
    public double PollSeconds { get; init; } = 15;

    /// <summary>How often the metrics API takes a CPU sample, in seconds. Default 15.</summary>
    public double CpuSampleSeconds { get; init; } = 15;

    /// <summary>
    /// A moment at which the autoscaler looks, in seconds from the load's start, from which the periods of HPA and KEDA count: what a recorded
    /// run knows. Default null: each period's phase is drawn from the seed.
    /// </summary>
    public double? FirstLookSeconds { get; init; }

    /// <summary>KEDA's <c>cooldownPeriod</c> in seconds, which acts only on the step to none. Default 300.</summary>
    public double CooldownPeriodSeconds { get; init; } = 300;
}
