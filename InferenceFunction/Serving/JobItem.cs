using System.Diagnostics;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>A claimed job on its way through the worker.</summary>
internal sealed class JobItem(ClaimedJob job, Activity? activity, CancellationToken leaseLost)
{
    public ClaimedJob Job { get; } = job;

    /// <summary>Cancelled when another worker may have the job: an answer would change nothing.</summary>
    public CancellationToken LeaseLost { get; } = leaseLost;

    /// <summary>The span that continues the caller's trace; null when nobody listens.</summary>
    public Activity? Activity { get; } = activity;

    /// <summary>Time spent on decoding and resizing.</summary>
    public TimeSpan Preprocess { get; set; }

    /// <summary>This job's share of the inference.</summary>
    public TimeSpan InferenceShare { get; set; }

    /// <summary>How the job ends; null until that is known.</summary>
    public JobEnding? Ending { get; set; }

    /// <summary>The time a core worked on it.</summary>
    public TimeSpan Busy => Preprocess + InferenceShare;
}

/// <summary>How a job ends.</summary>
internal abstract record JobEnding
{
    /// <summary>With an answer.</summary>
    public sealed record Answered(byte[] Payload) : JobEnding;

    /// <summary>Its input is unusable.</summary>
    public sealed record Rejected(JobError Error) : JobEnding;

    /// <summary>This attempt failed.</summary>
    public sealed record Failed(JobError Error) : JobEnding;

    /// <summary>Its deadline cannot be met; it was not computed.</summary>
    public sealed record TooLate : JobEnding;
}

/// <summary>Jobs that are computed together, and the memory they use.</summary>
internal sealed record Batch(IReadOnlyList<JobItem> Items, BatchBuffer Buffer)
{
    /// <summary>Those whose input lies in the buffer, in its order; null until it was prepared.</summary>
    public List<JobItem>? Prepared { get; set; }
}
