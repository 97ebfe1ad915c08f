using System.Diagnostics;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Observability;

/// <summary>Spans of a job; they continue the caller's trace, whose W3C context came through the queue.</summary>
internal static class WorkerTracing
{
    public const string SourceName = "Keda.Inference.Worker";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>The span of a whole job; null when nobody listens.</summary>
    public static Activity? StartJob(ClaimedJob job, string queue)
    {
        if (!s_source.HasListeners())
            return null;
        _ = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var parent);
        var activity = s_source.StartActivity($"process {queue}", ActivityKind.Consumer, parent);
        activity?.SetTag("messaging.system", "redis").SetTag("messaging.destination.name", queue)
            .SetTag("messaging.message.id", job.Id).SetTag("keda_inference.attempt", job.Attempt)
            .SetTag("keda_inference.queue_wait_ms", job.QueueWait.TotalMilliseconds);
        if (job.RequestId is not null)
            activity?.SetTag("keda_inference.request_id", job.RequestId);
        return activity;
    }

    /// <summary>A stage of a job.</summary>
    public static Activity? Start(string stage, Activity? job) =>
        job is null ? null : s_source.StartActivity(stage, ActivityKind.Internal, job.Context);
}
