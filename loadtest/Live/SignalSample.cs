namespace Keda.Inference.LoadTest.Live;

/// <summary>What the target showed of itself at one moment; null means unknown, never zero.</summary>
/// <param name="Seconds">From the run's start.</param>
/// <param name="Waiting">Queue depth: accepted and not yet claimed.</param>
/// <param name="InFlight">Claimed and not yet answered.</param>
/// <param name="Replicas">Workers that live.</param>
internal readonly record struct SignalSample(double Seconds, double? Waiting, double? InFlight, double? Replicas);
