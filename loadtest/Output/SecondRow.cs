using Keda.Inference.LoadTest.Live;
using Keda.Inference.LoadTest.Measuring;

namespace Keda.Inference.LoadTest.Output;

/// <summary>One second of a run; latencies belong to the second in which a request was meant to be sent. Unknown is null.</summary>
internal sealed record SecondRow(
    int Second, int Sent, int Ok, int WithinSlo, int Failed, double? P50Ms, double? P99Ms, double? Waiting, double? InFlight, double? Replicas)
{
    public static IReadOnlyList<SecondRow> Of(IReadOnlyList<RequestRecord> records, IReadOnlyList<SignalSample> signals)
    {
        var requests = records.ToLookup(record => (int)Math.Floor(record.Intended));
        var samples = signals.ToLookup(sample => (int)Math.Floor(sample.Seconds));
        var last = Math.Max(records.Count == 0 ? -1 : (int)records[^1].Intended, signals.Count == 0 ? -1 : (int)signals[^1].Seconds);
        return [.. Enumerable.Range(0, last + 1).Select(second => Row(second, [.. requests[second]], samples[second].LastOrDefault()))];
    }

    private static SecondRow Row(int second, RequestRecord[] requests, SignalSample signals)
    {
        var latencies = requests.Where(record => record.Ok).Select(record => record.LatencySeconds * 1000).Order().ToArray();
        return new SecondRow(
            second, requests.Length, latencies.Length, requests.Count(record => record.Outcome == Outcome.OkWithinSlo),
            requests.Count(record => record is { Ok: false, Outcome: not Outcome.Unfinished }),
            Percentiles.OfSorted(latencies, 50), Percentiles.OfSorted(latencies, 99), signals.Waiting, signals.InFlight, signals.Replicas);
    }
}
