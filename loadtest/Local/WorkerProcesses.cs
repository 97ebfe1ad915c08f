using System.Globalization;

namespace Keda.Inference.LoadTest.Local;

/// <param name="ProcessId">The worker's process.</param>
/// <param name="CpuSeconds">User and system time it has used since it started.</param>
internal readonly record struct WorkerUsage(int ProcessId, double CpuSeconds);

/// <summary>Finds LocalCluster's workers and what CPU they used, in the kernel's own accounting (/proc).</summary>
internal static class WorkerProcesses
{
    /// <summary>The product's own worker.</summary>
    public const string ProductWorker = "Keda.Inference.InferenceFunction";

    /// <summary>What the kernel counts CPU time in on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static bool Supported => Directory.Exists("/proc/self");

    /// <summary>Workers of that program among the descendants of a process.</summary>
    public static IReadOnlyList<WorkerUsage> Of(int ancestor, string worker) => Of("/proc", ancestor, worker);

    internal static IReadOnlyList<WorkerUsage> Of(string proc, int ancestor, string worker)
    {
        var children = new Dictionary<int, List<int>>();
        var cpu = new Dictionary<int, double>();
        foreach (var folder in Directory.EnumerateDirectories(proc))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || Read(Path.Combine(folder, "stat")) is not { } stat || Parse(stat) is not { } parsed)
                continue;
            cpu[id] = parsed.CpuSeconds;
            if (!children.TryGetValue(parsed.Parent, out var list))
                children[parsed.Parent] = list = [];
            list.Add(id);
        }

        return [.. Descendants(ancestor, children).Where(id => IsWorker(proc, id, worker)).Select(id => new WorkerUsage(id, cpu[id]))];
    }

    /// <summary>Parent and CPU time of a line of /proc/PID/stat; null for a zombie or a line of another form.</summary>
    internal static (int Parent, double CpuSeconds)? Parse(string stat)
    {
        // The name in parentheses may itself hold blanks and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 13 || fields[0] is "Z" or "X"
            || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent)
            || !long.TryParse(fields[11], CultureInfo.InvariantCulture, out var user) || !long.TryParse(fields[12], CultureInfo.InvariantCulture, out var system))
            return null;
        return (parent, (user + system) / TicksPerSecond);
    }

    private static IEnumerable<int> Descendants(int ancestor, Dictionary<int, List<int>> children)
    {
        foreach (var child in children.GetValueOrDefault(ancestor) ?? [])
        {
            yield return child;
            foreach (var deeper in Descendants(child, children))
                yield return deeper;
        }
    }

    /// <summary>The program itself, not a shell that is about to become it.</summary>
    private static bool IsWorker(string proc, int id, string worker)
    {
        var arguments = Read(Path.Combine(proc, $"{id}", "cmdline"))?.Split('\0') ?? [];
        return arguments.Take(2).Any(argument => Path.GetFileNameWithoutExtension(argument) == worker || Path.GetFileName(argument) == worker);
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // processes end while they are read
        }
    }
}
