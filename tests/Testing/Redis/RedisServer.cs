using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace Keda.Inference.Testing;

/// <summary>A real redis-server of a test's own: free loopback port, own folder, stopped by its process id.</summary>
public sealed partial class RedisServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-test-").FullName;
    private readonly bool _appendOnly;
    private readonly string[] _extra;
    private readonly TestCertificates? _certificates;
    private string[] _leading = [];
    private Process? _process;

    private RedisServer(bool appendOnly, string[] extra, TestCertificates? certificates = null)
    {
        _appendOnly = appendOnly;
        _certificates = certificates;
        Port = FreePort();
        _extra = certificates is null ? extra :
        [
            "--port", "0", "--tls-port", $"{Port}", "--tls-cert-file", certificates.Of("server.crt"), "--tls-key-file", certificates.Of("server.key"),
            "--tls-ca-cert-file", certificates.AuthorityPath, "--tls-auth-clients", "no", .. extra,
        ];
    }

    /// <summary>Its port on 127.0.0.1, the same over restarts.</summary>
    public int Port { get; }

    /// <summary>What to give to StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>The running process' id.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("redis-server is stopped.");

    /// <summary>Whether there is one on PATH.</summary>
    public static bool IsInstalled => Find("redis-server") is not null;

    /// <summary>Starts one, or skips the running test with its reason where none is installed.</summary>
    public static async Task<RedisServer> StartOrSkipAsync(bool appendOnly = false, params string[] extra)
    {
        Xunit.Assert.SkipUnless(IsInstalled, "redis-server is not on PATH.");
        return await StartAsync(appendOnly, extra);
    }

    /// <summary>Starts one.</summary>
    public static async Task<RedisServer> StartAsync(bool appendOnly = false, params string[] extra)
    {
        var server = new RedisServer(appendOnly, extra);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts one that speaks TLS alone, with a certificate that <paramref name="certificates"/> signed as "server"; skips as above.</summary>
    public static async Task<RedisServer> StartTlsOrSkipAsync(TestCertificates certificates, params string[] extra)
    {
        Xunit.Assert.SkipUnless(IsInstalled, "redis-server is not on PATH.");
        var server = new RedisServer(appendOnly: false, extra, certificates);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts a Sentinel that watches a primary under a name and fails over to a replica soon after the primary is gone.</summary>
    /// <param name="settings">Further lines of its configuration.</param>
    public static async Task<RedisServer> StartSentinelAsync(RedisServer primary, string name, params string[] settings)
    {
        var sentinel = new RedisServer(appendOnly: false, []);
        var file = Path.Combine(sentinel._folder, "sentinel.conf");
        await File.WriteAllLinesAsync(
            file,
            [
                $"sentinel monitor {name} 127.0.0.1 {primary.Port} 1", $"sentinel down-after-milliseconds {name} 500",
                $"sentinel failover-timeout {name} 2000", .. settings,
            ]);
        sentinel._leading = [file, "--sentinel"];
        await sentinel.StartAgainAsync();
        return sentinel;
    }

    /// <summary>Starts it (again) and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            .. _leading, "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--appendonly", _appendOnly ? "yes" : "no",
            "--appendfsync", "everysec", "--daemonize", "no", .. _extra,
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!await AnswersAsync(limit.Token))
            await Task.Delay(10, limit.Token);
    }

    /// <summary>SIGTERM: it writes what it must and ends.</summary>
    public Task StopAsync() => EndAsync(15);

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => EndAsync(9);

    /// <summary>SIGSTOP: connections stay open and nothing answers.</summary>
    public void Pause() => Signal(19);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(18);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private async Task EndAsync(int signal)
    {
        if (_process is not { } process)
            return;
        _process = null;
        _ = kill(process.Id, signal);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Signal(int signal)
    {
        if (kill(ProcessId, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent to redis-server.");
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellation);
            await using var stream = await OpenAsync(client, cancellation);
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellation);
            var answer = new byte[7];
            var read = await stream.ReadAtLeastAsync(answer, 5, false, cancellation);
            // A server that wants a password answers too.
            return answer.AsSpan(0, read).StartsWith("+PONG"u8) || answer.AsSpan(0, read).StartsWith("-NOAUTH"u8);
        }
        catch (SocketException)
        {
            return false;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client, CancellationToken cancellation)
    {
        if (_certificates is null)
            return client.GetStream();
#pragma warning disable CA5359 // Only whether it answers is asked.
        var encrypted = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        var own = X509Certificate2.CreateFromPemFile(_certificates.Of("server.crt"), _certificates.Of("server.key"));
        await encrypted.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [own] }, cancellation);
        return encrypted;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}
