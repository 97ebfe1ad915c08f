using Keda.Inference.Ingress.Hosting;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Health;

/// <summary>
/// The first step of a stop: <c>/readyz</c> says no while requests are still accepted, so that load balancers turn away before the
/// listener closes. The host then stops accepting and finishes what is in flight.
/// </summary>
internal sealed class DrainState(IOptions<IngressOptions> options, TimeProvider time) : IHostedLifecycleService
{
    private volatile bool _draining;

    public bool IsDraining => _draining;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        var delay = TimeSpan.FromSeconds(options.Value.DrainDelaySeconds);
        return delay > TimeSpan.Zero ? Task.Delay(delay, time, cancellationToken) : Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
