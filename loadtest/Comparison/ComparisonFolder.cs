using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Output;
using Keda.Inference.LoadTest.Reporting;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>What <c>compare --output</c> keeps.</summary>
internal static class ComparisonFolder
{
    public const string Comparison = "comparison.json";

    /// <returns>A remark for the user, or null.</returns>
    public static async Task<string?> WriteAsync(
        string folder, ComparisonResult result, IReadOnlyList<PolicyTimeline> timelines, IReadOnlyList<MeasuredRun> runs, string command,
        DateTimeOffset measuredAt, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, Comparison), JsonOutput.Serialize(result), cancellation);
        foreach (var run in runs)
        {
            var name = $"{run.Policy}-seed{run.Recording.Plan.Seed}";
            await RunFolder.WriteRequestsAsync(Path.Combine(folder, $"{name}-requests.csv"), run.Recording, cancellation);
            await CalibrationFile.WriteAsync(Path.Combine(folder, $"{name}-{CalibrationFile.Name}"), run.ToCalibration(), cancellation);
            HistogramFiles.WriteLog(Path.Combine(folder, $"{name}.hlog"), run.Recording.StartedAt, run.Recording.Records);
        }

        return await ReportFolder.WriteAsync(
            folder,
            new Measurement { MeasuredAt = measuredAt, Command = command, Versions = Versions.Collect(), Comparison = result, Timelines = timelines },
            cancellation);
    }
}
