using System.Diagnostics;
using Keda.Inference.Testing;

namespace Keda.Inference.Benchmarks.Worker;

/// <summary>A child process on one core, with its lines and its costs.</summary>
internal sealed class PinnedProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PinnedProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts an assembly of this folder (or another program) on the given core.</summary>
    public static PinnedProcess Start(int? core, string program, params string[] arguments)
    {
        var pinned = core is not null && RedisServer.Find("taskset") is not null;
        var start = new ProcessStartInfo(pinned ? "taskset" : program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (pinned)
        {
            foreach (var argument in (string[])["-c", $"{core}", program])
                start.ArgumentList.Add(argument);
        }

        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data))
                Console.Error.WriteLine($"  {line.Data}");
        };
        process.BeginErrorReadLine();
        return new PinnedProcess(process);
    }

    /// <summary>The program that an assembly referenced by this one was built to.</summary>
    public static string Program(string name) => Path.Combine(AppContext.BaseDirectory, name);

    /// <summary>Reads lines until one contains the word.</summary>
    public async Task<string> WaitForAsync(string word)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(word, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"The process ended with {_process.ExitCode} before it said '{word}'.");
    }

    /// <summary>Goes on reading its lines, so that it never waits for a reader.</summary>
    public void ReadOn() => _ = Task.Run(async () =>
    {
        while (await _process.StandardOutput.ReadLineAsync() is not null)
        {
        }
    });

    /// <summary>Processor time it has used.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in MB (2^20 bytes).</summary>
    public double ResidentMb
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }
}
