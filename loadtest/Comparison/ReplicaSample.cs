namespace Keda.Inference.LoadTest.Comparison;

/// <summary>Replicas and their CPU at one moment; null is unknown.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Replicas">Replicas that exist.</param>
/// <param name="CpuCores">Cores used together since the sample before.</param>
internal readonly record struct ReplicaSample(DateTimeOffset At, int? Replicas, double? CpuCores);
