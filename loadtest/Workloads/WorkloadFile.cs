using System.Globalization;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Workloads;

/// <summary>A workload file: requests per second, one number for each second, separated by blanks or lines; # starts a comment.</summary>
internal static class WorkloadFile
{
    /// <summary>A day of one-second rates; more is a mistake rather than a load test.</summary>
    private const int MaximumSeconds = 86_400;

    private const double MaximumRate = 1_000_000;

    /// <summary>The project's own load, beside the program.</summary>
    public static string Standard => Path.Combine(AppContext.BaseDirectory, "workload.txt");

    public static LoadShape Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--workload: {path} cannot be read: {problem.Message}");
        }
    }

    public static LoadShape Parse(IEnumerable<string> lines, string name)
    {
        var rates = new List<RateSegment>();
        foreach (var (index, line) in lines.Index())
        {
            foreach (var word in line.Split('#', 2)[0].Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
            {
                if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
                    || !(rate >= 0 && rate <= MaximumRate))
                    throw new UsageException($"{name}, line {index + 1}: '{word}' is not a rate; each second is one number from 0 to {MaximumRate:0}.");
                rates.Add(new RateSegment(1, rate, rate));
                if (rates.Count > MaximumSeconds)
                    throw new UsageException($"{name}: more than {MaximumSeconds} seconds of load.");
            }
        }

        return rates.Sum(rate => rate.Requests) > 0
            ? new LoadShape(rates, countsAreExact: true)
            : throw new UsageException($"{name}: no requests in it; expected one rate per second, such as '7 6 8 35'.");
    }
}
