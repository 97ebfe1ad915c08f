using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.ExternalScaler.Protos;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Contract = Keda.Inference.ExternalScaler.Protos.ExternalScaler;

namespace Keda.Inference.ExternalScaler.Tests.Support;

/// <summary>The scaler as it is run, on free ports of its own, with a client as KEDA's.</summary>
internal sealed class ScalerUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private ScalerUnderTest(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        GrpcAddress = addresses[0];
        _channel = GrpcChannel.ForAddress(GrpcAddress);
        Client = new Contract.ExternalScalerClient(_channel);
        Http = new HttpClient { BaseAddress = new Uri(addresses[1]) };
    }

    public Contract.ExternalScalerClient Client { get; }

    public GrpcChannel Channel => _channel;

    public string GrpcAddress { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ScalerUnderTest> StartAsync(string redis, string[]? args = null, Action<IServiceCollection>? replace = null)
    {
        var app = ScalerHost.Build(
        [
            $"--Redis:ConnectionString={redis}", "--Redis:TimeoutMs=20000", "--Scaler:BindAddress=127.0.0.1", "--Scaler:GrpcPort=0", "--Scaler:HttpPort=0",
            "--Scaler:ClusterView=local", "--Logging:LogLevel:Default=Warning", .. args ?? [],
        ], replace);
        await app.StartAsync();
        return new ScalerUnderTest(app);
    }

    /// <summary>What KEDA sends: the trigger's metadata, its own keys included.</summary>
    public static ScaledObjectRef Ref(string queue, params (string Key, string Value)[] metadata)
    {
        var reference = new ScaledObjectRef { Name = $"so-{queue}", Namespace = "default" };
        reference.ScalerMetadata.Add("scalerAddress", "external-scaler.keda:6000");
        reference.ScalerMetadata.Add("enableTLS", "false");
        reference.ScalerMetadata.Add("queue", queue);
        foreach (var (key, value) in metadata)
            reference.ScalerMetadata[key] = value;
        return reference;
    }

    /// <summary>One poll of the metric, the way KEDA does it.</summary>
    public async Task<double> PollAsync(ScaledObjectRef reference)
    {
        var spec = (await Client.GetMetricSpecAsync(reference)).MetricSpecs.ShouldHaveSingleItem();
        var response = await Client.GetMetricsAsync(
            new GetMetricsRequest { ScaledObjectRef = reference, MetricName = spec.MetricName });
        var value = response.MetricValues.ShouldHaveSingleItem();
        return value.MetricValueFloat > 0 ? value.MetricValueFloat : value.MetricValue_;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
