using System.Diagnostics;

namespace Keda.Inference.LocalCluster;

/// <summary>A cgroup with a CPU quota, version 1 or 2, as the kubelet makes one for a container with a CPU limit.</summary>
internal sealed class CpuQuota : IDisposable
{
    private const int PeriodMicroseconds = 100_000;
    private const string V1 = "/sys/fs/cgroup/cpu";
    private const string V2 = "/sys/fs/cgroup";
    private readonly string _folder;

    private CpuQuota(string folder) => _folder = folder;

    /// <summary>Makes one.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <param name="cores">The quota.</param>
    /// <exception cref="ClusterException">None can be made here; it says why.</exception>
    public static CpuQuota Create(string name, double cores)
    {
        if (!OperatingSystem.IsLinux())
            throw new ClusterException("--cpu-limit needs Linux: it is a cgroup's CPU quota.", ClusterProgram.Usage);
        var quota = (long)(cores * PeriodMicroseconds);
        var isV1 = File.Exists(Path.Combine(V1, "cpu.cfs_quota_us"));
        var folder = Path.Combine(isV1 ? V1 : V2, $"keda-inference-{Environment.ProcessId}-{name}");
        try
        {
            if (!isV1)
                EnableV2();
            Directory.CreateDirectory(folder);
            if (isV1)
            {
                File.WriteAllText(Path.Combine(folder, "cpu.cfs_period_us"), $"{PeriodMicroseconds}");
                File.WriteAllText(Path.Combine(folder, "cpu.cfs_quota_us"), $"{quota}");
            }
            else
            {
                File.WriteAllText(Path.Combine(folder, "cpu.max"), $"{quota} {PeriodMicroseconds}");
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            TryDelete(folder);
            throw new ClusterException(
                $"--cpu-limit {cores}: no cgroup with a CPU quota can be made here ({refused.Message}); run as root, or leave the option out.");
        }

        return new CpuQuota(folder);
    }

    /// <summary>A start of <paramref name="program"/> that enters the cgroup before the program's first instruction.</summary>
    public ProcessStartInfo Wrap(string program)
    {
        var start = new ProcessStartInfo("/bin/sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("echo $$ > \"$1/cgroup.procs\" && shift && exec \"$@\"");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(_folder);
        start.ArgumentList.Add(program);
        return start;
    }

    public void Dispose() => TryDelete(_folder);

    private static void EnableV2()
    {
        var control = Path.Combine(V2, "cgroup.subtree_control");
        if (!File.ReadAllText(control).Split((char[])[' ', '\n']).Contains("cpu"))
            File.WriteAllText(control, "+cpu");
    }

    // Removable once its last process is gone.
    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder);
        }
        catch (IOException)
        {
            // a process is still on its way out; the folder is empty otherwise and costs nothing
        }
    }
}
