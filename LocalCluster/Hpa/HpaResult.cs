namespace Keda.Inference.LocalCluster.Hpa;

/// <summary>What a sync came to.</summary>
/// <param name="Replicas">The replicas there shall be now.</param>
/// <param name="Proposed">What the metrics proposed, before windows and limits; null when they were not looked at.</param>
/// <param name="Reason">One word of the controller's own conditions, such as <c>ScaleDownStabilized</c>.</param>
/// <param name="Message">One sentence.</param>
internal sealed record HpaResult(int Replicas, int? Proposed, string Reason, string Message);
