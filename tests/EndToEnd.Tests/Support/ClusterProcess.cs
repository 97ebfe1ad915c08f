using System.Diagnostics;
using Keda.Inference.Testing;

namespace Keda.Inference.EndToEnd.Tests.Support;

/// <summary>LocalCluster as a newcomer starts it, on ports of its own.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly Process _process;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ClusterProcess(Process process, int[] ports)
    {
        _process = process;
        Ports = ports;
    }

    /// <summary>Ingress, scaler gRPC and scaler HTTP.</summary>
    public int[] Ports { get; }

    public Uri Address => new($"http://127.0.0.1:{Ports[0]}");

    public int Id => _process.Id;

    /// <summary>Everything it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return string.Join('\n', _lines);
        }
    }

    public static ClusterProcess Start(params string[] arguments) => StartOn(FreePorts.Take(3), arguments);

    public static ClusterProcess StartOn(int[] ports, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all =
        [
            Path.Combine(BuiltPrograms.Services, "Keda.Inference.LocalCluster.dll"), .. arguments,
            "--port", $"{ports[0]}", "--scaler-port", $"{ports[1]}", "--scaler-http-port", $"{ports[2]}",
        ];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var cluster = new ClusterProcess(process, ports);
        process.OutputDataReceived += (_, line) => cluster.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => cluster.Heard(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return cluster;
    }

    /// <summary>Waits for a line.</summary>
    public async Task<string> LineAsync(Func<string, bool> wanted, string what, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(180));
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_lines.FirstOrDefault(wanted) is { } line)
                    return line;
                more = _more.Task;
            }

            await Task.WhenAny(more, Task.Delay(Timeout.Infinite, limit.Token));
            limit.IsCancellationRequested.ShouldBeFalse($"{what} was not printed. The output:\n{Output}");
        }
    }

    /// <summary>The processes it has started that still live.</summary>
    public IReadOnlyList<int> Children() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
            .Where(process => ParentOf(process) == Id)];

    public async Task<int> ExitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(240), cancellation);
        return _process.ExitCode;
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null)
            return;
        TaskCompletionSource more;
        lock (_lock)
        {
            _lines.Add(line);
            more = _more;
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        more.SetResult();
    }

    private static int ParentOf(int process)
    {
        try
        {
            // "pid (name) state ppid …"; the name may hold anything but its closing bracket comes last.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
