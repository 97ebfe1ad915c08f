using Keda.Inference.LoadTest.Measuring;

namespace Keda.Inference.LoadTest.Saturation;

/// <summary>One rate of the table.</summary>
/// <param name="Rate">Requests per second.</param>
/// <param name="Cells">One for each duration.</param>
/// <param name="Valid">Whether the generator kept its times.</param>
internal sealed record SaturationColumn(double Rate, IReadOnlyList<SaturationCell> Cells, bool Valid);

/// <param name="Seconds">Requests sent within this time count.</param>
/// <param name="Total">How many they are.</param>
/// <param name="Ok">Share answered rightly, however late; null without requests.</param>
/// <param name="WithinSlo">Share answered rightly within the SLO.</param>
/// <param name="P99Ms">From the intended send time.</param>
internal sealed record SaturationCell(double Seconds, int Total, double? Ok, double? WithinSlo, double? P99Ms);

/// <summary>
/// The report's table 4.1. A column is one run of the longest duration; its rows are the requests sent until then, so that a queue
/// which grows shows in the rows below.
/// </summary>
internal static class SaturationTable
{
    public static IReadOnlyList<SaturationCell> Cells(IReadOnlyList<RequestRecord> records, IReadOnlyList<double> durations) =>
    [
        .. durations.Select(seconds =>
        {
            var until = records.Where(record => record.Intended < seconds && record.Outcome != Outcome.Unfinished).ToArray();
            double? Share(int part) => until.Length == 0 ? null : part / (double)until.Length;
            return new SaturationCell(
                seconds, until.Length, Share(until.Count(record => record.Ok)), Share(until.Count(record => record.Outcome == Outcome.OkWithinSlo)),
                Percentiles.Of(until.Where(record => record.Ok).Select(record => record.LatencySeconds * 1000), 99));
        }),
    ];
}
