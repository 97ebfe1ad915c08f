namespace Keda.Inference.WorkQueue;

/// <summary>The workers of a queue that say they live.</summary>
public interface IWorkerRegistry
{
    /// <summary>Says that a worker lives; to be repeated every <see cref="WorkerEntry.HeartbeatInterval"/>.</summary>
    Task HeartbeatAsync(WorkerEntry worker, CancellationToken cancellation);

    /// <summary>Takes a worker out at its orderly end.</summary>
    Task RemoveAsync(string workerId, CancellationToken cancellation);

    /// <summary>Those with a fresh heartbeat, by id.</summary>
    Task<IReadOnlyList<WorkerEntry>> ListAsync(CancellationToken cancellation);
}

/// <summary>Where a worker stands in its life.</summary>
public enum WorkerState
{
    /// <summary>Loading its model.</summary>
    Starting,

    /// <summary>Warmed up and claiming.</summary>
    Ready,

    /// <summary>Finishing what it holds; claims no more.</summary>
    Draining,
}

/// <summary>One worker.</summary>
/// <param name="Id">Unique: the pod's name, or host and process id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StartupSeconds">Seconds from process start to ready; 0 until then.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Weights">Where its weights come from, such as <c>untrained</c>.</param>
/// <param name="Precision"><c>fp32</c> or <c>int8</c>.</param>
/// <param name="ProcessId">The process, for a cluster stand-in on the same machine.</param>
/// <param name="HttpAddress">Where its probes and metrics are, such as <c>http://127.0.0.1:41234</c>.</param>
public sealed record WorkerEntry(
    string Id, WorkerState State, double StartupSeconds, string Model, string Weights, string Precision, int ProcessId, string HttpAddress)
{
    /// <summary>How often a worker says that it lives: 1 s.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>After which silence it counts as dead: 5 s.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);
}
