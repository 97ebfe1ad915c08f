using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Local;

/// <summary>LocalCluster as a child process, from this program's own folder, on free ports.</summary>
internal sealed partial class LocalClusterProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int KeptLines = 12;

    /// <summary>The first start on a machine may build the untrained network.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lastLines = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, string Line)> _decisions = new();
    private readonly ConcurrentQueue<ReplicaStart> _starts = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;

    private LocalClusterProcess(Process process, int scalerHttpPort, TimeProvider time)
    {
        (_process, _time) = (process, time);
        ScalerMetrics = new Uri($"http://127.0.0.1:{scalerHttpPort}/metrics");
    }

    public int Id => _process.Id;

    /// <summary>Known once started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public Uri ScalerMetrics { get; }

    /// <summary>Each change of the wanted replicas, as LocalCluster reports it with its reason.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Line)> Decisions => [.. _decisions];

    /// <summary>Each replica that became ready, as LocalCluster reports it.</summary>
    public IReadOnlyList<ReplicaStart> Starts => [.. _starts];

    /// <summary>When it was ready to serve; its HPA and its KEDA look for the first time at that moment, then once a period.</summary>
    public DateTimeOffset ReadyAt { get; private set; }

    public static async Task<LocalClusterProcess> StartAsync(LocalClusterSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Keda.Inference.LocalCluster.dll");
        if (!File.Exists(assembly))
            throw new FailureException($"LocalCluster is not beside this program: {assembly} is missing.");
        var ports = FreePorts(3);
        var start = new ProcessStartInfo(DotnetHost())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(assembly);
        // However this process ends, its LocalCluster ends too.
        start.Environment[ParentLink.Key] = "true";
        foreach (var (key, value) in settings.ToEnvironment())
            start.Environment[key] = value;
        foreach (var argument in settings.ToArguments(ports[0], ports[1], ports[2]))
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new FailureException("LocalCluster could not be started.");
        var cluster = new LocalClusterProcess(process, ports[2], time);
        process.OutputDataReceived += (_, line) => cluster.Heard(line.Data);
        process.ErrorDataReceived += (_, line) => cluster.Heard(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            cluster.Address = await cluster.UntilReadyAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The line that shows a change of replicas, without its time; null for any other line.</summary>
    internal static string? DecisionIn(string line)
    {
        var match = DecisionLine().Match(line);
        return match.Success ? match.Groups["decision"].Value : null;
    }

    /// <summary>How long a replica took to become ready, if the line says so.</summary>
    internal static double? StartupIn(string line)
    {
        var match = StartLine().Match(line);
        return match.Success ? double.Parse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (OperatingSystem.IsWindows())
                _process.Kill(entireProcessTree: true);
            else
                _ = Kill(_process.Id, SigTerm);
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private async Task<Uri> UntilReadyAsync(CancellationToken cancellation)
    {
        var exit = _process.WaitForExitAsync(cancellation);
        try
        {
            var first = await Task.WhenAny(_ready.Task, exit).WaitAsync(StartLimit, _time, cancellation);
            if (first == _ready.Task)
                return await _ready.Task;
        }
        catch (TimeoutException)
        {
            throw new FailureException($"LocalCluster was not ready after {StartLimit.TotalMinutes:0} minutes. It said:{Environment.NewLine}{LastLines()}");
        }

        cancellation.ThrowIfCancellationRequested();
        throw new FailureException($"LocalCluster ended with exit code {_process.ExitCode}:{Environment.NewLine}{LastLines()}");
    }

    private void Heard(string? line)
    {
        if (line is null)
            return;
        _lastLines.Enqueue(line);
        while (_lastLines.Count > KeptLines)
            _lastLines.TryDequeue(out _);
        if (line.StartsWith("ready http", StringComparison.Ordinal) && Uri.TryCreate(line["ready ".Length..].Trim(), UriKind.Absolute, out var address))
        {
            ReadyAt = _time.GetUtcNow();
            _ready.TrySetResult(address);
        }

        if (DecisionIn(line) is { } decision)
            _decisions.Enqueue((_time.GetUtcNow(), decision));
        if (StartupIn(line) is { } seconds)
            _starts.Enqueue(new ReplicaStart(_time.GetUtcNow(), seconds));
    }

    private string LastLines() => string.Join(Environment.NewLine, _lastLines);

    /// <summary>All are held until all are known, so that none is given out twice.</summary>
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            foreach (var listener in listeners)
                listener.Start();
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
    }

    /// <summary>The host that runs this program, so that PATH need not have one.</summary>
    private static string DotnetHost()
    {
        var root = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"(?<decision>replicas \d+ -> \d+.*)$")]
    private static partial System.Text.RegularExpressions.Regex DecisionLine();

    [System.Text.RegularExpressions.GeneratedRegex(@" ready (?<seconds>[0-9]+\.[0-9]+) s after it was asked for$")]
    private static partial System.Text.RegularExpressions.Regex StartLine();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
