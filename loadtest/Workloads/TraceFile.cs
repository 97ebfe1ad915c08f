using System.Globalization;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Workloads;

/// <summary>A recorded trace: one request per line, its time first (seconds as a number, or ISO 8601); anything after a comma is ignored.</summary>
internal static class TraceFile
{
    public static double[] Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--trace: {path} cannot be read: {problem.Message}");
        }
    }

    /// <summary>Seconds from the trace's first request, ascending.</summary>
    public static double[] Parse(IEnumerable<string> lines, string name)
    {
        var times = new List<double>();
        foreach (var (index, line) in lines.Index())
        {
            var field = line.Split('#', 2)[0].Split(',', 2)[0].Trim();
            if (field.Length == 0)
                continue;
            if (TryParse(field, out var seconds))
                times.Add(seconds);
            else if (index > 0 || char.IsAsciiDigit(field[0])) // a first line of words is a table's heading
                throw new UsageException($"{name}, line {index + 1}: '{field}' is no time; expected seconds (12.5) or ISO 8601 (2025-06-30T12:00:00.5Z).");
        }

        if (times.Count == 0)
            throw new UsageException($"{name}: no times in it; expected one per line.");
        times.Sort();
        var first = times[0];
        return [.. times.Select(time => time - first)];
    }

    private static bool TryParse(string text, out double seconds)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds))
            return double.IsFinite(seconds);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return false;
        seconds = (moment - DateTimeOffset.UnixEpoch).TotalSeconds;
        return true;
    }
}
