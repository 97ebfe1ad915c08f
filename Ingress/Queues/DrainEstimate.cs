using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Queues;

/// <summary>What the measured drain rate says about waiting.</summary>
internal static class DrainEstimate
{
    private const int WindowSeconds = 10;
    private static readonly TimeSpan s_unknown = TimeSpan.FromSeconds(5);

    /// <summary>Jobs answered per second over the last complete seconds; null when none was.</summary>
    public static double? Rate(QueueSignals signals)
    {
        var complete = signals.Series.SkipLast(1).TakeLast(WindowSeconds).ToArray();
        var answered = complete.Sum(second => second.Completions);
        return answered == 0 ? null : (double)answered / complete.Length;
    }

    /// <summary>When a place is likely free for a caller who comes back: half of the queue drained, so that not all come back to a full one.</summary>
    public static TimeSpan RetryAfter(QueueSignals signals, WorkQueueOptions options)
    {
        if (Rate(signals) is not { } rate)
            return s_unknown;
        var surplus = Math.Max(1, signals.Waiting - options.MaxDepth / 2);
        return TimeSpan.FromSeconds(Math.Clamp(surplus / rate, 1, 60));
    }

    public static bool ExceedsWaitBound(QueueSignals signals, WorkQueueOptions options) =>
        options.MaxEstimatedWaitSeconds > 0 && Rate(signals) is { } rate && signals.Waiting / rate > options.MaxEstimatedWaitSeconds;
}
