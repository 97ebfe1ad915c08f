using System.Diagnostics;
using System.Globalization;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>What redis-benchmark reaches with SET.</summary>
internal static class RedisSetRate
{
    private const int Trial = 5_000;

    /// <summary>SETs a second of values of that size, over about that time.</summary>
    public static double Measure(int port, int bytes, int connections, TimeSpan duration) =>
        Run(port, bytes, connections, Math.Max(Trial, (int)(Run(port, bytes, connections, Trial) * duration.TotalSeconds)));

    private static double Run(int port, int bytes, int connections, int count)
    {
        var start = new ProcessStartInfo("redis-benchmark") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-h", "127.0.0.1", "-p", $"{port}", "-t", "set", "-d", $"{bytes}", "-c", $"{connections}", "-n", $"{count}", "-r", "1000", "--csv" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("redis-benchmark did not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var line = output.Split('\n').LastOrDefault(line => line.StartsWith("\"SET", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"redis-benchmark printed no result: {output}");
        return double.Parse(line.Split(',')[1].Trim('"'), CultureInfo.InvariantCulture);
    }
}
