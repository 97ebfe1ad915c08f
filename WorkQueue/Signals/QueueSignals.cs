namespace Keda.Inference.WorkQueue;

/// <summary>What is known of a queue at one moment; kept by the queue's own scripts, read without scanning any key.</summary>
public sealed record QueueSignals
{
    /// <summary>When this was read, by Redis' clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Jobs in the list, not yet claimed.</summary>
    public required long Waiting { get; init; }

    /// <summary>Jobs under a lease.</summary>
    public required long InFlight { get; init; }

    /// <summary>Age of the job at the head of the list, counted from its first arrival; null when nothing waits.</summary>
    public required TimeSpan? OldestWaitingAge { get; init; }

    /// <summary>Jobs accepted since the queue exists.</summary>
    public required long Arrivals { get; init; }

    /// <summary>Jobs answered since the queue exists.</summary>
    public required long Completions { get; init; }

    /// <summary>Attempts that failed or whose lease expired.</summary>
    public required long Failures { get; init; }

    /// <summary>Jobs rejected as unusable input.</summary>
    public required long Rejections { get; init; }

    /// <summary>Jobs whose deadline passed before they were computed.</summary>
    public required long Expirations { get; init; }

    /// <summary>Jobs refused at the bound of the queue.</summary>
    public required long Refusals { get; init; }

    /// <summary>Jobs that became dead letters.</summary>
    public required long DeadLettered { get; init; }

    /// <summary>Dead letters kept now.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Seconds that workers spent on jobs.</summary>
    public required double BusySeconds { get; init; }

    /// <summary>Workers whose heartbeat is fresh.</summary>
    public required int LiveWorkers { get; init; }

    /// <summary>Of those, the ready ones.</summary>
    public required int ReadyWorkers { get; init; }

    /// <summary>
    /// Seconds from start to ready of the last workers that became ready (at most ten), newest first; empty when unknown.
    /// </summary>
    public required IReadOnlyList<double> StartupSeconds { get; init; }

    /// <summary>
    /// What happened in each of the last seconds, oldest first, up to <see cref="SeriesSeconds"/> of them, without gaps; the last
    /// one is the current, still incomplete second. Empty when the queue was never used.
    /// </summary>
    public required IReadOnlyList<SecondCounts> Series { get; init; }

    /// <summary>The length of <see cref="Series"/>.</summary>
    public const int SeriesSeconds = 180;
}

/// <summary>What happened within one second.</summary>
/// <param name="Second">Unix time of its start, by Redis' clock.</param>
/// <param name="Arrivals">Jobs accepted (and jobs refused at the bound, which are demand too).</param>
/// <param name="Completions">Jobs answered, rejections included.</param>
/// <param name="BusySeconds">Seconds that workers reported to have spent on these.</param>
/// <param name="NotServed">Attempts failed, jobs expired and jobs refused: demand that was not served.</param>
public readonly record struct SecondCounts(long Second, int Arrivals, int Completions, double BusySeconds, int NotServed);
