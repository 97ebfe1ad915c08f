namespace Keda.Inference.LoadTest.Simulation;

/// <summary>What one run of one policy with one seed came to.</summary>
internal sealed record SimulationRun
{
    /// <summary>When each request was sent, in seconds, ascending.</summary>
    public required double[] Arrivals { get; init; }

    /// <summary>Each request's end-to-end latency in seconds; infinite for one that was not answered before its caller gave up.</summary>
    public required double[] Latencies { get; init; }

    /// <summary>Replica-seconds within the load's duration, from asking for a replica until it is gone.</summary>
    public required double ReplicaSeconds { get; init; }

    /// <summary>Seconds in which replicas worked, within the load's duration and after.</summary>
    public required double BusySeconds { get; init; }

    /// <summary>Most replicas at once, starting and draining ones included.</summary>
    public required int PeakReplicas { get; init; }

    /// <summary>Changes of <c>spec.replicas</c>.</summary>
    public required int Changes { get; init; }

    /// <summary>The load's duration in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>One entry a second, for charts.</summary>
    public required IReadOnlyList<SimulationSecond> Timeline { get; init; }
}

/// <summary>How things stood at the start of a second.</summary>
/// <param name="Second">Seconds into the run.</param>
/// <param name="SpecReplicas">Replicas asked for.</param>
/// <param name="ReadyReplicas">Replicas ready.</param>
/// <param name="Waiting">Jobs waiting.</param>
/// <param name="InFlight">Jobs being served.</param>
internal readonly record struct SimulationSecond(int Second, int SpecReplicas, int ReadyReplicas, int Waiting, int InFlight);
