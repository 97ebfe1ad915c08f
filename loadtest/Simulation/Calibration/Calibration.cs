using System.Text.Json;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Simulation.Calibration;

/// <summary>
/// Service and start-up times of a recorded run, for the simulator. As JSON:
/// <c>{"service_seconds":[0.12,…],"startup_seconds":[2.1,…],"overhead_seconds":0.004}</c>; each job's time on a replica, each replica's time
/// from being asked for to being ready (may be left out), and what a request takes besides waiting and service (may be left out).
/// </summary>
internal sealed record Calibration
{
    private const int MaximumBytes = 64 * 1024 * 1024;

    /// <summary>Each job's time on a replica, in seconds.</summary>
    public required IReadOnlyList<double> ServiceSeconds { get; init; }

    /// <summary>Each replica's time from being asked for to being ready; empty when unknown.</summary>
    public IReadOnlyList<double> StartupSeconds { get; init; } = [];

    /// <summary>
    /// The times of jobs that had waited, which are then not among the others. A worker with a CPU quota saves some of it up while it is idle,
    /// so a job that finds it idle is faster. Empty when they are not told apart.
    /// </summary>
    public IReadOnlyList<double> WaitedServiceSeconds { get; init; } = [];

    /// <summary>A moment at which the autoscaler looked, in seconds from the load's start; for <c>--replay</c>. Null when unknown.</summary>
    public double? FirstLookSeconds { get; init; }

    /// <summary>What a request takes besides waiting and service: the network, the ingress, the store. 0 when unknown.</summary>
    public double OverheadSeconds { get; init; }

    /// <summary>Reads a recorded run.</summary>
    /// <exception cref="UsageException">Says what is wrong with the file.</exception>
    public static Calibration Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumBytes)
                throw new UsageException($"--calibration: {path} has more than {MaximumBytes >> 20} MiB.");
            return Check(JsonSerializer.Deserialize<Calibration>(File.ReadAllBytes(path), JsonOutput.Options), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--calibration: {path} cannot be read: {problem.Message}");
        }
        catch (JsonException problem)
        {
            throw new UsageException($"--calibration: {path} is not the JSON of a recorded run: {problem.Message}");
        }
    }

    private static Calibration Check(Calibration? calibration, string path)
    {
        if (calibration?.ServiceSeconds is not { Count: > 0 } service || !service.All(IsTime) || !service.Any(seconds => seconds > 0))
            throw new UsageException($"--calibration: {path}: service_seconds must be a list of times from 0 to 3600 s, not all 0.");
        if (calibration.StartupSeconds is null || !calibration.StartupSeconds.All(IsTime))
            throw new UsageException($"--calibration: {path}: startup_seconds must be a list of times from 0 to 3600 s.");
        if (calibration.WaitedServiceSeconds is null || !calibration.WaitedServiceSeconds.All(IsTime))
            throw new UsageException($"--calibration: {path}: waited_service_seconds must be a list of times from 0 to 3600 s.");
        if (calibration.FirstLookSeconds is { } look && !(Math.Abs(look) <= 3600))
            throw new UsageException($"--calibration: {path}: first_look_seconds must be from -3600 to 3600 s.");
        if (!IsTime(calibration.OverheadSeconds))
            throw new UsageException($"--calibration: {path}: overhead_seconds must be from 0 to 3600 s.");
        return calibration;
    }

    private static bool IsTime(double seconds) => seconds is >= 0 and <= 3600;
}
