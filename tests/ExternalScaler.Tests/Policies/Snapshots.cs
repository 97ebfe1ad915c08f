using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Tests.Policies;

/// <summary>Snapshots with only what a test is about.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public static ScalingSnapshot Of(
        long waiting = 0, long inFlight = 0, int current = 1, int? ready = null, int min = 1, int max = 6,
        IReadOnlyList<SecondCounts>? series = null, IReadOnlyList<double>? startups = null, ReadOnlyMemory<byte> state = default,
        DateTimeOffset? at = null) => new()
        {
            Signals = Signals(waiting, inFlight, series ?? [], startups ?? [], at ?? Start),
            CurrentReplicas = current,
            ReadyReplicas = ready ?? current,
            MinReplicas = min,
            MaxReplicas = max,
            State = state,
        };

    public static QueueSignals Signals(
        long waiting, long inFlight, IReadOnlyList<SecondCounts> series, IReadOnlyList<double> startups, DateTimeOffset at) => new()
        {
            At = at,
            Waiting = waiting,
            InFlight = inFlight,
            OldestWaitingAge = waiting > 0 ? TimeSpan.FromSeconds(0.1) : null,
            Arrivals = series.Sum(second => (long)second.Arrivals),
            Completions = series.Sum(second => (long)second.Completions),
            Failures = 0,
            Rejections = 0,
            Expirations = 0,
            Refusals = 0,
            DeadLettered = 0,
            DeadLetters = 0,
            BusySeconds = series.Sum(second => second.BusySeconds),
            LiveWorkers = 1,
            ReadyWorkers = 1,
            StartupSeconds = startups,
            Series = series,
        };

    /// <summary>Seconds with these arrivals, all answered, each taking <paramref name="serviceSeconds"/>; the last one is just beginning.</summary>
    public static SecondCounts[] Series(IEnumerable<int> arrivals, double serviceSeconds, DateTimeOffset at)
    {
        var counts = arrivals.ToList();
        var first = at.ToUnixTimeSeconds() - counts.Count;
        return
        [
            .. counts.Select((count, i) => new SecondCounts(first + i, count, count, count * serviceSeconds, 0)),
            new SecondCounts(at.ToUnixTimeSeconds(), 0, 0, 0, 0),
        ];
    }
}
