using System.Net;
using System.Security.Cryptography;
using Keda.Inference.ExternalScaler.Cluster;
using Keda.Inference.ExternalScaler.Cluster.Kubernetes;
using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.ExternalScaler.FastLane;
using Keda.Inference.ExternalScaler.Inspection;
using Keda.Inference.ExternalScaler.Push;
using Keda.Inference.ExternalScaler.Service;
using Keda.Inference.ExternalScaler.Telemetry;
using Keda.Inference.ExternalScaler.Tls;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Prometheus;

namespace Keda.Inference.ExternalScaler.Hosting;

/// <summary>Puts the scaler together.</summary>
internal static class ScalerHost
{
    /// <exception cref="OptionsValidationException">Carries everything that is wrong with the configuration.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var options = ScalerConfiguration.Read(builder.Services, builder.Configuration);
        // A start that fails is one line on standard error, written by Program.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        var tls = LoadTls(options);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options, tls));

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ScalerMetrics>();
        builder.Services.AddSingleton<IDecisionObserver>(services => services.GetRequiredService<ScalerMetrics>());
        builder.Services.AddSingleton<TriggerCache>();
        builder.Services.AddSingleton<DecisionEngine>();
        builder.Services.AddSingleton<FastLaneRunner>();
        builder.Services.AddSingleton<ActivityStream>();
        AddClusterView(builder.Services, options);
        builder.Services.AddSingleton<ExternalScalerService>();
        builder.Services.AddSingleton<RpcInterceptor>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<RpcInterceptor>();
            grpc.MaxReceiveMessageSize = 64 * 1024;
        });
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks().AddCheck<ReadinessCheck>("dependencies");
        builder.Services.Configure<HealthCheckPublisherOptions>(publish =>
        {
            publish.Delay = TimeSpan.Zero;
            publish.Period = TimeSpan.FromSeconds(5);
        });
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        tls?.LogTo(app.Services.GetRequiredService<ILogger<TlsFiles>>());
        app.MapGrpcService<ExternalScalerService>();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        app.MapProbes();
        app.MapInspection();
        app.MapMetrics("/metrics", app.Services.GetRequiredService<ScalerMetrics>().Registry);
        return app;
    }

    private static void AddClusterView(IServiceCollection services, ScalerOptions options)
    {
        var kubernetes = options.ClusterView switch
        {
            ClusterViewKind.Kubernetes => true,
            ClusterViewKind.Local => false,
            _ => k8s.KubernetesClientConfiguration.IsInCluster(),
        };
        if (kubernetes)
            services.AddKubernetesView(options);
        else
            services.AddSingleton<IClusterView, LocalClusterView>();
    }

    private static TlsFiles? LoadTls(ScalerOptions options)
    {
        if (string.IsNullOrEmpty(options.Tls.CertificatePath))
            return null;
        try
        {
            return new TlsFiles(options.Tls, TimeProvider.System);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionsValidationException(
                ScalerOptions.Section, typeof(ScalerOptions), [$"Scaler:Tls names files that cannot be used: {error.Message}"]);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ScalerOptions options, TlsFiles? tls)
    {
        // Cleartext HTTP/2 cannot be negotiated, so it has a port to itself.
        On(options.GrpcPort, HttpProtocols.Http2, tls);
        On(options.HttpPort, HttpProtocols.Http1, null);

        void On(int port, HttpProtocols protocols, TlsFiles? secured)
        {
            var address = IPAddress.Parse(options.BindAddress);
            // Any IPv4 address means any address; port 0 cannot be bound to both families at once.
            if (address.Equals(IPAddress.Any) && port != 0)
                kestrel.ListenAnyIP(port, Configure);
            else
                kestrel.Listen(address, port, Configure);

            void Configure(ListenOptions listen)
            {
                listen.Protocols = protocols;
                if (secured is not null)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        OnConnection = _ => ValueTask.FromResult(secured.ForConnection()),
                    });
                }
            }
        }
    }
}
