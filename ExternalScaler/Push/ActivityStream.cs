using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.ExternalScaler.FastLane;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.ExternalScaler.Telemetry;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.ExternalScaler.Push;

/// <summary>
/// An open StreamIsActive: says at once how things stand, then at every change and as a heartbeat. It ends in order when the process
/// stops, because only a clean end resets KEDA's back-off.
/// </summary>
internal sealed partial class ActivityStream(
    DecisionEngine engine, IWorkQueues queues, FastLaneRunner fastLane, ScalerMetrics metrics, IOptions<ScalerOptions> options, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<ActivityStream> logger)
{
    /// <summary>How often an active queue is looked at for its end, and an idle one in case a signal was lost.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the caller goes away or the process stops; sends with <paramref name="send"/>.</summary>
    public async Task RunAsync(ScaledObjectKey key, TriggerSettings settings, Func<bool, Task> send, CancellationToken caller)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(caller, lifetime.ApplicationStopping);
        using var open = metrics.StreamOpened();
        var heart = new Heart(TimeSpan.FromSeconds(options.Value.HeartbeatSeconds), time, send);
        try
        {
            await Task.WhenAll(
                PushAsync(key, settings, heart, stop.Token),
                settings.FastLane ? fastLane.RunAsync(key, settings, stop.Token) : Task.CompletedTask);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Both ways of ending are in order; a caller that has gone does not hear the status anyway.
        }
    }

    private async Task PushAsync(ScaledObjectKey key, TriggerSettings settings, Heart heart, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await foreach (var _ in queues.Open(key.Queue).WatchArrivalsAsync(Tick, stop))
                {
                    // Arrivals say nothing new while work is known to be there: look once a second then, not at each of them.
                    while (await heart.BeatAsync(await engine.IsActiveAsync(key, settings, stop)))
                        await Task.Delay(Tick, time, stop);
                }
            }
            catch (WorkQueueUnavailableException error)
            {
                // Saying nothing is right: nothing is known. The stream stays open, or KEDA would back off for up to a minute.
                LogUnknown(key.Namespace, key.Name, error.Message);
            }
            await Task.Delay(Tick, time, stop);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Whether {Namespace}/{Name} is active is not known: {Reason}")]
    private partial void LogUnknown(string @namespace, string name, string reason);

    /// <summary>Sends what changed, and what did not when it is time to be heard of.</summary>
    private sealed class Heart(TimeSpan interval, TimeProvider time, Func<bool, Task> send)
    {
        private bool? _last;
        private long _sentAt;

        /// <summary>Returns what it was told.</summary>
        public async Task<bool> BeatAsync(bool active)
        {
            if (active == _last && time.GetElapsedTime(_sentAt) < interval)
                return active;
            _last = active;
            _sentAt = time.GetTimestamp();
            await send(active);
            return active;
        }
    }
}
