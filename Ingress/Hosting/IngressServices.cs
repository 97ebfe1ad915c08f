using Keda.Inference.Ingress.Callbacks;
using Keda.Inference.Ingress.Health;
using Keda.Inference.Ingress.Live;
using Keda.Inference.Ingress.OpenInference;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.Ingress.Requests;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.Ingress.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>What the front door is made of.</summary>
internal static class IngressServices
{
    public static IServiceCollection AddIngress(this IServiceCollection services) => services
        .AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>()
        .AddSingleton<IMemoryPoolFactory<byte>, ReceiveBlocks>()
        .AddSingleton<IngressMetrics>()
        .AddSingleton<FunctionCatalogue>()
        .AddSingleton<QueueWatch>()
        .AddSingleton<BodyBudget>()
        .AddSingleton<BodyReader>()
        .AddSingleton<PictureReader>()
        .AddSingleton<JobRunner>()
        .AddSingleton<PredictEndpoint>()
        .AddSingleton<RequestEndpoints>()
        .AddSingleton<InferRequestReader>()
        .AddSingleton<InferEndpoint>()
        .AddSingleton<ProtocolEndpoints>()
        .AddSingleton<LatencyWindows>()
        .AddSingleton<LiveHistories>()
        .AddSingleton<LiveEndpoint>()
        .AddSingleton<HealthEndpoints>()
        .AddSingleton<CallbackAddresses>()
        .AddSingleton<CallbackSender>()
        .AddSingleton<DrainState>()
        .AddHostedService(provider => provider.GetRequiredService<DrainState>())
        .AddHostedService<QueuePoller>()
        .AddHostedService<CallbackPump>();
}
