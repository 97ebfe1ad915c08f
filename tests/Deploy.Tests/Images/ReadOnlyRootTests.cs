using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Images;

/// <summary>
/// The programs as pods run them: a user without rights on a read-only root, writable only what the chart mounts. (The chart's own mounts are
/// held to that list by <see cref="Charts.PodSecurityTests"/>.)
/// </summary>
public sealed partial class ReadOnlyRootTests
{
    private const int SigTerm = 15;

    [Fact]
    public async Task Programs_OnAReadOnlyRoot_AnswerAPictureAndStopOrderly()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Mounting needs root on Linux.");
        foreach (var tool in new[] { "unshare", "setpriv" })
            Assert.SkipUnless(RedisServer.Find(tool) is not null, $"{tool} (util-linux) is not on PATH.");
        var shut = await Script("", "sh", "-c", "touch /tmp/x /mnt/cache/x /mnt/app/x /var/tmp/x 2>/dev/null; ls /tmp /mnt/cache; id -u").RunAsync();
        Assert.SkipWhen(shut.Contains("unshare failed") || shut.Contains("permission denied"), "This machine does not allow mounts.");
        shut.Trim().ShouldEndWith("1654");
        shut.ShouldNotContain("x\n", customMessage: "the trial itself must not be writable");

        await using var redis = await RedisServer.StartOrSkipAsync();
        await using var ingress = Service("Ingress", "", redis, ("Ingress__Port", null));
        await using var scaler = Service("ExternalScaler", "", redis, ("Scaler__HttpPort", null), ("Scaler__GrpcPort", "0"), ("Scaler__ClusterView", "Local"));
        await using var worker = Service("InferenceFunction", "/tmp /mnt/cache", redis, ("Worker__HttpPort", null), ("Model__CacheDirectory", "/mnt/cache"));
        foreach (var service in new[] { ingress, scaler, worker })
            await service.ReadyAsync();

        using var picture = new MultipartFormDataContent
        {
            { new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Chart.Folder, "files", "picture.png"), TestContext.Current.CancellationToken)), "image", "picture.png" },
        };
        using var client = new HttpClient();
        // The path that the chart's test hook takes.
        using var answer = await client.PostAsync(new Uri(ingress.Address, "/functions/resnet18/predict"), picture, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        JsonNode.Parse(text)!["predictions"]!.AsArray().Count.ShouldBe(5);

        foreach (var service in new[] { worker, scaler, ingress })
            (await service.StopAsync()).ShouldBe(0, service.ToString());
    }

    private static Contained Service(string project, string writable, RedisServer redis, params (string Name, string? Value)[] settings)
    {
        var port = FreePort();
        var contained = Script(writable, "dotnet", $"/mnt/app/Keda.Inference.{project}.dll");
        contained.Address = new Uri($"http://127.0.0.1:{port}");
        contained.Environment["Redis__ConnectionString"] = redis.ConnectionString;
        contained.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in settings)
            contained.Environment[name] = value ?? $"{port}";
        contained.Start();
        return contained;
    }

    private static Contained Script(string writable, params string[] command) =>
        new([RepositoryPaths.Of("tests", "Deploy.Tests", "Images", "read-only-root.sh"), AppContext.BaseDirectory, writable, .. command]);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);

    /// <summary>A command in the script's cage.</summary>
    private sealed class Contained : IAsyncDisposable
    {
        private readonly ProcessStartInfo _start;
        private readonly List<string> _lines = [];
        private Process? _process;

        public Contained(string[] arguments)
        {
            _start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in arguments)
                _start.ArgumentList.Add(argument);
        }

        public Uri Address { get; set; } = new("http://127.0.0.1");

        public IDictionary<string, string?> Environment => _start.Environment;

        public void Start()
        {
            _process = Process.Start(_start)!;
            foreach (var subscribe in new Action<DataReceivedEventHandler>[] { one => _process.OutputDataReceived += one, one => _process.ErrorDataReceived += one })
                subscribe((_, line) => { lock (_lines) _lines.Add(line.Data ?? ""); });
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public async Task<string> RunAsync()
        {
            Start();
            await _process!.WaitForExitAsync(TestContext.Current.CancellationToken);
            return ToString();
        }

        public async Task ReadyAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
            using var client = new HttpClient();
            while (true)
            {
                _process!.HasExited.ShouldBeFalse(ToString());
                try
                {
                    using var answer = await client.GetAsync(new Uri(Address, "/readyz"), limit.Token);
                    if (answer.IsSuccessStatusCode)
                        return;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }
                limit.IsCancellationRequested.ShouldBeFalse(ToString());
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }

        public async Task<int> StopAsync()
        {
            _ = kill(_process!.Id, SigTerm);
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return _process.ExitCode;
        }

        public override string ToString()
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }

        public async ValueTask DisposeAsync()
        {
            if (_process is not { } process)
                return;
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
            process.Dispose();
        }
    }
}
