using System.Globalization;

namespace Keda.Inference.InferenceFunction.Sessions;

/// <summary>How many cores this process may really use: the tightest cgroup quota above it (v1 and v2) and its affinity.</summary>
internal static class CpuLimit
{
    /// <summary>Whole cores, at least one: more threads than that only wait for one another under a quota.</summary>
    public static int WholeCores() => WholeCores(Quota("/"), Environment.ProcessorCount);

    internal static int WholeCores(double? quota, int processors) =>
        Math.Max(1, Math.Min(processors, (int)Math.Floor(quota ?? processors)));

    /// <summary>The quota in cores; null where there is none.</summary>
    /// <param name="root">The root of the file system, for tests.</param>
    internal static double? Quota(string root)
    {
        double? tightest = null;
        foreach (var line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            var parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            var controllers = parts[1].Split(',');
            if (parts[1].Length == 0)
                tightest = Tightest(tightest, Walk(Path.Combine(root, "sys/fs/cgroup"), parts[2], ReadV2));
            else if (controllers.Contains("cpu"))
                tightest = Tightest(tightest, Walk(Mount(root, parts[1]), parts[2], ReadV1));
        }

        return tightest;
    }

    // Inside a container the path may be the host's; the mount's own root then is the container's group.
    private static double? Walk(string mount, string path, Func<string, double?> read)
    {
        var tightest = read(mount);
        var folder = mount;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part is not ".."))
        {
            folder = Path.Combine(folder, part);
            tightest = Tightest(tightest, read(folder));
        }

        return tightest;
    }

    private static string Mount(string root, string controllers)
    {
        var joint = Path.Combine(root, "sys/fs/cgroup", controllers);
        return Directory.Exists(joint) ? joint : Path.Combine(root, "sys/fs/cgroup/cpu");
    }

    private static double? ReadV2(string folder) =>
        Lines(Path.Combine(folder, "cpu.max")).FirstOrDefault()?.Split(' ') is [var quota, var period] ? Ratio(quota, period) : null;

    private static double? ReadV1(string folder) =>
        Ratio(
            Lines(Path.Combine(folder, "cpu.cfs_quota_us")).FirstOrDefault(),
            Lines(Path.Combine(folder, "cpu.cfs_period_us")).FirstOrDefault());

    private static double? Ratio(string? quota, string? period) =>
        double.TryParse(quota, NumberStyles.Integer, CultureInfo.InvariantCulture, out var allowed)
        && double.TryParse(period, NumberStyles.Integer, CultureInfo.InvariantCulture, out var length)
        && allowed > 0 && length > 0
            ? allowed / length
            : null;

    private static double? Tightest(double? a, double? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
