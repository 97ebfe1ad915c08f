using System.Text.Json;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.LoadTest.Measuring;
using Keda.Inference.LoadTest.Saturation;

namespace Keda.Inference.LoadTest.Reporting;

/// <summary>Everything a report is made from; <c>--output</c> keeps it as measurement.json, so that a report can be made again.</summary>
internal sealed record Measurement
{
    public const string FileName = "measurement.json";

    /// <summary>Raised when a field changes its meaning.</summary>
    public int Format { get; init; } = 1;

    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>The command line without the program's name.</summary>
    public required string Command { get; init; }

    /// <summary>Programs, libraries and machine.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public ComparisonResult? Comparison { get; init; }

    /// <summary>One for each autoscaler: its first seed.</summary>
    public IReadOnlyList<PolicyTimeline> Timelines { get; init; } = [];

    public RunSummary? Run { get; init; }

    public SaturationResult? Saturation { get; init; }

    public static Measurement Read(string folder)
    {
        var path = Directory.Exists(folder) ? Path.Combine(folder, FileName) : folder;
        try
        {
            var measurement = JsonSerializer.Deserialize<Measurement>(File.ReadAllBytes(path), JsonOutput.Options);
            return measurement is { Format: 1 }
                ? measurement
                : throw new UsageException($"{path}: format {measurement?.Format} is not known; this program reads format 1.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {problem.Message} Expected a folder that 'run', 'saturate' or 'compare' wrote with --output.");
        }
        catch (JsonException problem)
        {
            throw new UsageException($"{path} is no measurement: {problem.Message}");
        }
    }
}
