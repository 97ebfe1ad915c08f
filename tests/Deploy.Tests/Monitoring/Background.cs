using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Keda.Inference.Deploy.Tests.Monitoring;

/// <summary>A program that runs beside a test and ends with it.</summary>
internal sealed partial class Background : IAsyncDisposable
{
    private const int SigTerm = 15;
    private readonly List<string> _lines = [];
    private readonly Process _process;

    public Background(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        DataReceivedEventHandler hear = (_, line) =>
        {
            lock (_lines)
                _lines.Add(line.Data ?? "");
        };
        _process.OutputDataReceived += hear;
        _process.ErrorDataReceived += hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Waits for a line that begins so.</summary>
    public Task SaidAsync(string beginning, TimeSpan limit) =>
        UntilAsync(() => Task.FromResult(("\n" + Output).Contains("\n" + beginning)), limit, () => Output);

    public async Task UntilAsync(Func<Task<bool>> holds, TimeSpan limit, Func<string> otherwise)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            _process.HasExited.ShouldBeFalse(Output);
            if (Stopwatch.GetElapsedTime(started) > limit)
                Assert.Fail(otherwise());
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = kill(_process.Id, SigTerm);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    /// <summary>So many free ports in a row.</summary>
    public static int FreePorts(int count)
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var first = ((IPEndPoint)probe.LocalEndpoint).Port;
            if (first + count < 65536 && Enumerable.Range(first + 1, count - 1).All(IsFree))
                return first;
        }

        static bool IsFree(int port)
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
