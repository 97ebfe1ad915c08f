using Keda.Inference.ExternalScaler.Cluster;
using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Decisions;

/// <summary>A decision with what it was made from.</summary>
/// <param name="Key">The ScaledObject and its queue.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="Signals">The queue.</param>
/// <param name="Scale">The target.</param>
/// <param name="Decision">The result.</param>
internal sealed record Evaluation(ScaledObjectKey Key, string Policy, QueueSignals Signals, TargetScale Scale, Decision Decision);
