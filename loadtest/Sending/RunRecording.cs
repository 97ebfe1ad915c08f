using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Measuring;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>Everything a run measured, before anything is summed up.</summary>
internal sealed record RunRecording
{
    public required RunPlan Plan { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Requests that were sent, in order of their intended times.</summary>
    public required RequestRecord[] Records { get; init; }

    /// <summary>Not the whole schedule was sent, or not all of it answered, before Ctrl-C.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>Seconds that work waited for a thread of the generator.</summary>
    public required double[] PoolDelays { get; init; }

    public required double MeanBodyBytes { get; init; }

    /// <summary>The weights answers named; null where none did.</summary>
    public string? Weights { get; init; }

    /// <summary>Queue and replicas over time, where the target shows them.</summary>
    public required IReadOnlyList<SignalSample> Signals { get; init; }
}
