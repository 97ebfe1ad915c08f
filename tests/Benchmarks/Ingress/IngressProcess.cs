using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Keda.Inference.Ingress.Hosting;

namespace Keda.Inference.Benchmarks.Ingress;

/// <summary>The service in a process of its own, so that its processor time and memory are its own.</summary>
internal sealed class IngressProcess : IAsyncDisposable
{
    private readonly Process _process;

    private IngressProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<IngressProcess> StartAsync(string redis, int waiting, CancellationToken cancellation)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            typeof(IngressApplication).Assembly.Location, $"--Ingress:Port={port}", "--Ingress:BindAddress=127.0.0.1", $"--Redis:ConnectionString={redis}",
            $"--Queue:Name={NoOpWorkers.Queue}", $"--Queue:MaxDepth={waiting + 100}", "--Redis:TimeoutMs=10000", "--Logging:LogLevel:Default=Warning",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("The ingress did not start.");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await IsReadyAsync(client, limit.Token))
            await Task.Delay(20, limit.Token);
        return new(process, port);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync("/readyz", cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
