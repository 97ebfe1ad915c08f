using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LocalCluster;

/// <summary>A service of the product as a child process. It ends with this process, however that ends.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    private const int SigTerm = 15;
    private const int KeptLines = 20;
    private readonly ConcurrentQueue<string> _lastLines = new();
    private readonly Process _process;

    private ServiceProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>CPU time used so far; what it had used, once it has ended.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.TotalProcessorTime;
            }
            catch (Exception gone) when (gone is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>The last lines it wrote, for the message when it ends unexpectedly.</summary>
    public string LastWords => string.Join(Environment.NewLine, _lastLines);

    /// <summary>Where a service of the product is.</summary>
    /// <param name="service">Ingress, ExternalScaler or InferenceFunction.</param>
    /// <param name="folder">Its folder; null for this program's own.</param>
    public static string ProgramOf(string service, string? folder = null) =>
        Path.Combine(folder ?? AppContext.BaseDirectory, $"Keda.Inference.{service}.dll");

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="settings">Its configuration, passed as environment so that no secret shows in the process list.</param>
    /// <param name="quota">The cgroup it shall live in, or null.</param>
    /// <param name="show">Called with each line it writes, or null.</param>
    public static ServiceProcess Start(
        string program, string name, IReadOnlyDictionary<string, string> settings, CpuQuota? quota, Action<string>? show)
    {
        string[] command = [DotnetHost(), program];
        var start = quota is null ? new ProcessStartInfo(command[0]) : quota.Wrap(command[0]);
        start.ArgumentList.Add(command[1]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetDirectoryName(program);
        start.Environment[ParentLink.Key] = "true";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var process = Process.Start(start) ?? throw new ClusterException($"{name} could not be started.");
        var child = new ServiceProcess(name, process);
        process.OutputDataReceived += (_, line) => child.Heard(line.Data, show);
        process.ErrorDataReceived += (_, line) => child.Heard(line.Data, show);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>SIGTERM: it shall drain and end.</summary>
    public void Terminate()
    {
        if (HasExited)
            return;
        if (OperatingSystem.IsWindows())
            _process.Kill();
        else
            _ = Kill(_process.Id, SigTerm);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        if (!HasExited)
            _process.Kill();
    }

    public Task WaitForExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Dispose() => _process.Dispose();

    private void Heard(string? line, Action<string>? show)
    {
        if (line is null)
            return;
        _lastLines.Enqueue(line);
        while (_lastLines.Count > KeptLines)
            _lastLines.TryDequeue(out _);
        show?.Invoke(line);
    }

    // The very host that runs this program, so that PATH need not have one.
    private static string DotnetHost()
    {
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
