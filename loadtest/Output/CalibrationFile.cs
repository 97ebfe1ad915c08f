using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Simulation.Calibration;

namespace Keda.Inference.LoadTest.Output;

/// <summary>A run's service times, and the start-up times of its replicas where they are known, as <c>--calibration</c> reads them.</summary>
internal static class CalibrationFile
{
    public const string Name = "calibration.json";

    /// <summary>Writes nothing when the service reported no times.</summary>
    public static async Task WriteAsync(
        string path, IReadOnlyList<RequestRecord> records, IReadOnlyList<double> startupSeconds, CancellationToken cancellation)
    {
        if (Of(records, startupSeconds) is { } calibration)
            await File.WriteAllTextAsync(path, JsonOutput.Serialize(calibration), cancellation);
    }

    /// <summary>What the simulator needs to know of a run; null when the service reported no times.</summary>
    public static Calibration? Of(IReadOnlyList<RequestRecord> records, IReadOnlyList<double> startupSeconds)
    {
        var timed = records.Where(record => record.Ok && double.IsFinite(record.ServiceMs) && double.IsFinite(record.ServerMs)).ToArray();
        return timed.Length == 0 ? null : new Calibration
        {
            ServiceSeconds = [.. timed.Select(record => record.ServiceMs / 1000)],
            StartupSeconds = startupSeconds,
            OverheadSeconds = Percentiles.Of(timed.Select(Overhead), 50)!.Value,
        };
    }

    /// <summary>
    /// Everything but waiting and service: the network, the ingress, the store. A service that does not tell waiting from the rest shows
    /// only the network's part.
    /// </summary>
    private static double Overhead(RequestRecord record) => Math.Max(
        0, record.SentLatencySeconds - (double.IsFinite(record.QueueMs) ? record.QueueMs + record.ServiceMs : record.ServerMs) / 1000);
}
