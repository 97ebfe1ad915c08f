using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Keda.Inference.Benchmarks.Scaler;

/// <summary>The scaler as a process of its own, held to one core.</summary>
internal sealed class ScalerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private ScalerProcess(Process process, int grpcPort, int httpPort)
    {
        _process = process;
        GrpcAddress = $"http://127.0.0.1:{grpcPort}";
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };
    }

    public string GrpcAddress { get; }

    public static async Task<ScalerProcess> StartAsync(string redis, CancellationToken cancellation)
    {
        var (grpc, http) = (FreePort(), FreePort());
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Keda.Inference.ExternalScaler.dll"), $"--Redis:ConnectionString={redis}",
            "--Scaler:BindAddress=127.0.0.1", $"--Scaler:GrpcPort={grpc}", $"--Scaler:HttpPort={http}", "--Scaler:ClusterView=local",
            "--Logging:LogLevel:Default=Warning",
        ];
        // The last core, so that client and Redis find the first ones free.
        var core = Environment.ProcessorCount - 1;
        var start = OperatingSystem.IsLinux() && File.Exists("/usr/bin/taskset")
            ? new ProcessStartInfo("/usr/bin/taskset", ["-c", $"{core}", "dotnet", .. arguments])
            : new ProcessStartInfo("dotnet", arguments);
        start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        var scaler = new ScalerProcess(Process.Start(start)!, grpc, http);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await scaler.IsReadyAsync(limit.Token))
            await Task.Delay(50, limit.Token);
        return scaler;
    }

    /// <summary>What it has used and done so far.</summary>
    public async Task<ScalerSample> SampleAsync(CancellationToken cancellation)
    {
        var metrics = await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation);
        _process.Refresh();
        return new ScalerSample(
            _process.TotalProcessorTime.TotalSeconds, _process.WorkingSet64 / (1024.0 * 1024.0),
            Sum(metrics, "keda_inference_scaler_store_round_trips_total"), Sum(metrics, "keda_inference_scaler_decisions_total"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The scaler ended with {_process.ExitCode}.");
            return false;
        }
    }

    private static long Sum(string metrics, string name) =>
        (long)metrics.Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>Counters of a running scaler.</summary>
internal sealed record ScalerSample(double CpuSeconds, double RssMegabytes, long RoundTrips, long Decisions);
