using Keda.Inference.ExternalScaler.Cluster;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Keda.Inference.ExternalScaler.Hosting;

/// <summary>Ready while Redis answers and the cluster's view works.</summary>
internal sealed class ReadinessCheck(IWorkQueues queues, IClusterView cluster) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!await queues.PingAsync(cancellationToken))
            return HealthCheckResult.Unhealthy("Redis does not answer.");
        return cluster.Trouble is { } trouble ? HealthCheckResult.Unhealthy(trouble) : HealthCheckResult.Healthy();
    }
}
