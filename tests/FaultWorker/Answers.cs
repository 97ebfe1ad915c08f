using Keda.Inference.WorkQueue;

namespace Keda.Inference.FaultWorker;

internal static class Answers
{
    /// <summary>The one answer there is.</summary>
    public static byte[] Served(TimeSpan waited, TimeSpan served) => new InferenceResult(
        new ModelIdentity("fault-worker", "none", "fp32"), [new ClassPrediction(0, "served", 1)],
        new StageTimings(waited.TotalMilliseconds, 0, served.TotalMilliseconds)).ToPayload();
}
