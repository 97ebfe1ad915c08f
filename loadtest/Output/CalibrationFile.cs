using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Simulation.Calibration;

namespace Keda.Inference.LoadTest.Output;

/// <summary>A run's service times, and the start-up times of its replicas where they are known, as <c>--calibration</c> reads them.</summary>
internal static class CalibrationFile
{
    public const string Name = "calibration.json";

    /// <summary>A job that found a worker idle was claimed within this share of the usual service time.</summary>
    private const double WaitedShare = 0.25;

    private const int FewestOfAKind = 20;

    /// <summary>Writes nothing when the service reported no times.</summary>
    public static async Task WriteAsync(string path, Calibration? calibration, CancellationToken cancellation)
    {
        if (calibration is not null)
            await File.WriteAllTextAsync(path, JsonOutput.Serialize(calibration), cancellation);
    }

    /// <summary>What the simulator needs to know of a run; null when the service reported no times.</summary>
    public static Calibration? Of(IReadOnlyList<RequestRecord> records, IReadOnlyList<double> startupSeconds, double? firstLookSeconds)
    {
        var timed = records.Where(record => record.Ok && double.IsFinite(record.ServiceMs) && double.IsFinite(record.ServerMs)).ToArray();
        if (timed.Length == 0)
            return null;
        var usual = Percentiles.Of(timed.Select(record => record.ServiceMs), 50)!.Value;
        var (waited, idle) = (timed.Where(record => record.QueueMs > WaitedShare * usual).ToArray(), timed.Where(record => !(record.QueueMs > WaitedShare * usual)).ToArray());
        // Two kinds only where there are enough of both.
        if (Math.Min(waited.Length, idle.Length) < FewestOfAKind)
            (waited, idle) = ([], timed);
        return new Calibration
        {
            ServiceSeconds = Seconds(idle),
            WaitedServiceSeconds = Seconds(waited),
            StartupSeconds = startupSeconds,
            FirstLookSeconds = firstLookSeconds,
            OverheadSeconds = Percentiles.Of(timed.Select(Overhead), 50)!.Value,
        };
    }

    private static double[] Seconds(RequestRecord[] records) => [.. records.Select(record => record.ServiceMs / 1000)];

    /// <summary>
    /// Everything but waiting and service: the network, the ingress, the store. A service that does not tell waiting from the rest shows
    /// only the network's part.
    /// </summary>
    private static double Overhead(RequestRecord record) => Math.Max(
        0, record.SentLatencySeconds - (double.IsFinite(record.QueueMs) ? record.QueueMs + record.ServiceMs : record.ServerMs) / 1000);
}
