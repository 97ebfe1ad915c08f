using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Simulation.Calibration;

namespace Keda.Inference.LoadTest.Output;

/// <summary>A run's service times as <c>simulate --calibration</c> reads them; start-up times are not seen by a caller and left out.</summary>
internal static class CalibrationFile
{
    public const string Name = "calibration.json";

    /// <summary>Writes nothing when the service reported no times.</summary>
    public static async Task WriteAsync(string path, IReadOnlyList<RequestRecord> records, CancellationToken cancellation)
    {
        var timed = records.Where(record => record.Ok && double.IsFinite(record.ServiceMs) && double.IsFinite(record.ServerMs)).ToArray();
        if (timed.Length == 0)
            return;
        var overhead = Percentiles.Of(timed.Select(record => Math.Max(0, record.SentLatencySeconds - record.ServerMs / 1000)), 50)!.Value;
        var calibration = new Calibration { ServiceSeconds = [.. timed.Select(record => record.ServiceMs / 1000)], OverheadSeconds = overhead };
        await File.WriteAllTextAsync(path, JsonOutput.Serialize(calibration), cancellation);
    }
}
