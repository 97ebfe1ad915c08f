using System.Diagnostics;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Tests.Serving;

public sealed class TracingTests
{
    [Fact]
    public void StartJob_TraceParentFromTheQueue_ContinuesTheCallersTrace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == WorkerTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);

        using var activity = WorkerTracing.StartJob(
            Job("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), "resnet18").ShouldNotBeNull();
        activity.TraceId.ToString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        activity.ParentSpanId.ToString().ShouldBe("b7ad6b7169203331");
        activity.GetTagItem("keda_inference.request_id").ShouldBe("r-1");
        using var stage = WorkerTracing.Start("inference", activity).ShouldNotBeNull();
        stage.ParentSpanId.ShouldBe(activity.SpanId);
    }

    private static ClaimedJob Job(string traceParent) => new()
    {
        Id = "a", Token = "t", WorkerId = "w", Body = new byte[] { 1 }, ContentType = "image/jpeg", Attempt = 1, RequestId = "r-1",
        QueueWait = TimeSpan.Zero, Remaining = TimeSpan.FromSeconds(1), ClaimedAt = 0, TraceParent = traceParent,
    };
}
