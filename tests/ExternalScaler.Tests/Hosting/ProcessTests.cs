using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Keda.Inference.ExternalScaler.Tests.Support;

namespace Keda.Inference.ExternalScaler.Tests.Hosting;

/// <summary>The program as it is started, and what it offers to grpcurl and probes.</summary>
public sealed class ProcessTests(EmbeddedStoreFixture store) : IClassFixture<EmbeddedStoreFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_WrongConfiguration_NamesEverythingAndEndsWithTwo()
    {
        var (code, output, error) = await RunAsync(
            "--Scaler:GrpcPort=70000", "--Scaler:BindAddress=nowhere", "--Scaler:Tls:KeyPath=/no/such.key", "--Redis:TimeoutMs=0");

        code.ShouldBe(2);
        error.ShouldContain("Scaler:GrpcPort is 70000");
        error.ShouldContain("Scaler:BindAddress is 'nowhere'");
        error.ShouldContain("Scaler:Tls:KeyPath is '/no/such.key', and there is no such file.");
        error.ShouldContain("Redis:TimeoutMs is 0");
        (output + error).ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Serve_KubernetesOutsideACluster_SaysWhatToSet()
    {
        var (code, _, error) = await RunAsync("--Scaler:ClusterView=kubernetes");

        code.ShouldBe(2);
        error.ShouldContain("set Scaler:Kubernetes:KubeConfigPath, or Scaler:ClusterView to local");
    }

    [Fact]
    public async Task Inspect_RunningScaler_PrintsSpecMetricActivityAndReason()
    {
        await using var queue = new QueueUnderTest(store.ConnectionString);
        await using var scaler = await ScalerUnderTest.StartAsync(store.ConnectionString);
        await queue.ScaleAsync("inspected", 1);
        await queue.EnqueueAsync("inspected", 80);

        var (code, output, error) = await RunAsync(
            "inspect", "--address", scaler.GrpcAddress, "--name", "so", "--set", "queue=inspected", "--set", "targetQueueLength=20", "--json");

        error.ShouldBeEmpty();
        code.ShouldBe(0);
        var report = JsonDocument.Parse(output).RootElement;
        report.GetProperty("metricName").GetString().ShouldBe("keda-inference-inspected");
        report.GetProperty("target").GetDouble().ShouldBe(1);
        report.GetProperty("value").GetDouble().ShouldBe(4);
        report.GetProperty("active").GetBoolean().ShouldBeTrue();
        report.GetProperty("reason").GetString().ShouldBe("queue 80 > 20: ceil(1 x 80/20) = 4");
    }

    [Fact]
    public async Task Inspect_BadTrigger_PrintsTheScalersAnswerAndEndsWithTwo()
    {
        await using var scaler = await ScalerUnderTest.StartAsync(store.ConnectionString);

        var (code, _, error) = await RunAsync("inspect", "--address", scaler.GrpcAddress, "--set", "coolDown=5");

        code.ShouldBe(2);
        error.ShouldContain("InvalidArgument: coolDown is not a known key");
    }

    [Fact]
    public async Task Inspect_BadUsage_EndsWithTwo()
    {
        var (code, _, error) = await RunAsync("inspect", "--set", "novalue");

        code.ShouldBe(2);
        error.ShouldContain("--set 'novalue' is not KEY=VALUE.");
    }

    [Fact]
    public async Task Health_RedisThere_IsServing()
    {
        await using var scaler = await ScalerUnderTest.StartAsync(store.ConnectionString);
        var client = new Health.HealthClient(scaler.Channel);

        await Eventually.BeAsync(
            async () => (await client.CheckAsync(new HealthCheckRequest(), cancellationToken: Cancellation)).Status
                == HealthCheckResponse.Types.ServingStatus.Serving,
            "health");
    }

    [Fact]
    public async Task Reflection_Asked_ListsKedasContract()
    {
        await using var scaler = await ScalerUnderTest.StartAsync(store.ConnectionString);
        using var call = new ServerReflection.ServerReflectionClient(scaler.Channel).ServerReflectionInfo(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Cancellation);

        (await call.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();

        call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)
            .ShouldContain("externalscaler.ExternalScaler");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Keda.Inference.ExternalScaler.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await error);
    }
}
