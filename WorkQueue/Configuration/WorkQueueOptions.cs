namespace Keda.Inference.WorkQueue;

/// <summary>
/// The rules of a queue. Bound from the section <c>Queue</c>; a queue of a given name may override any of them in
/// <c>Queues:{name}</c>. Every process that serves the same queue must be given the same values.
/// </summary>
public sealed class WorkQueueOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Queue";

    /// <summary>The section with what queues of their own name override.</summary>
    public const string OverridesSection = "Queues";

    /// <summary>The queue a process serves when it serves only one: 1 to 63 of a-z, 0-9, '-' and '.'. Default <c>resnet18</c>.</summary>
    public string Name { get; set; } = "resnet18";

    /// <summary>Which end of the list is served. Default <see cref="ServiceOrder.AdaptiveLifo"/>.</summary>
    public ServiceOrder Order { get; set; } = ServiceOrder.AdaptiveLifo;

    /// <summary>
    /// The latency target in milliseconds: with <see cref="ServiceOrder.AdaptiveLifo"/> the newest job is served first
    /// while the oldest one waiting is older than this. Default 500.
    /// </summary>
    public int TargetLatencyMs { get; set; } = 500;

    /// <summary>How long a claim is held without renewal, in seconds. Default 15.</summary>
    public double LeaseSeconds { get; set; } = 15;

    /// <summary>How often a job is started before it becomes a dead letter. Default 3.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How many jobs may wait; one more is refused. Default 1000.</summary>
    public int MaxDepth { get; set; } = 1000;

    /// <summary>
    /// The longest estimated wait in seconds (depth over measured drain rate) at which a job is still accepted;
    /// 0 switches this bound off. Default 0.
    /// </summary>
    public double MaxEstimatedWaitSeconds { get; set; }

    /// <summary>How long a result is kept for a job nobody will ask for by key, in seconds. Default 60.</summary>
    public double ResultSeconds { get; set; } = 60;

    /// <summary>How long the result of a keyed or asynchronous job is kept, in seconds. Default 3600.</summary>
    public double KeyedResultSeconds { get; set; } = 3600;

    /// <summary>How long a dead letter is kept, in seconds; of more than 1000 the newest. Default 604800 (7 days).</summary>
    public double DeadLetterSeconds { get; set; } = 604_800;

    /// <summary>The longest deadline a request may ask for, in seconds. Default 300.</summary>
    public double MaxTimeoutSeconds { get; set; } = 300;

    /// <summary>
    /// How long an idle worker waits at most before it looks again although no signal came, in milliseconds;
    /// up to a quarter is added by chance. Default 250.
    /// </summary>
    public int IdlePollMs { get; set; } = 250;
}

/// <summary>The order in which waiting jobs are served.</summary>
public enum ServiceOrder
{
    /// <summary>Oldest first, always.</summary>
    Fifo,

    /// <summary>Oldest first, but newest first while the oldest has already waited longer than the latency target.</summary>
    AdaptiveLifo,
}
