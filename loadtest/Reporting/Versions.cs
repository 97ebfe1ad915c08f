using System.Reflection;
using System.Runtime.InteropServices;

namespace Keda.Inference.LoadTest.Reporting;

/// <summary>What a reader needs to judge or repeat numbers.</summary>
internal static class Versions
{
    private static readonly string[] Libraries = ["Microsoft.ML.OnnxRuntime", "SkiaSharp", "StackExchange.Redis", "Garnet.server", "Grpc.AspNetCore.Server"];

    public static IReadOnlyDictionary<string, string> Collect()
    {
        var versions = new Dictionary<string, string>
        {
            ["Keda.Inference"] = typeof(Versions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "?",
            [".NET"] = Environment.Version.ToString(),
            ["operating system"] = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
            ["processor"] = $"{Processor() ?? "?"}, {Environment.ProcessorCount} cores",
        };
        foreach (var library in Libraries)
        {
            var file = Path.Combine(AppContext.BaseDirectory, library + ".dll");
            if (File.Exists(file))
                versions[library] = AssemblyName.GetAssemblyName(file).Version?.ToString(3) ?? "?";
        }

        return versions;
    }

    private static string? Processor()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return null;
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
