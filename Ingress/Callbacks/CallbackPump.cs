using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Callbacks;

/// <summary>
/// Delivers the callbacks that are due, of every queue. They wait in Redis, so whichever replica lives delivers them, and a crash
/// repeats one at worst.
/// </summary>
internal sealed partial class CallbackPump(
    FunctionCatalogue functions, CallbackSender sender, IOptions<IngressOptions> options, TimeProvider time, ILogger<CallbackPump> logger)
    : BackgroundService
{
    private const int AtOnce = 64;
    private readonly CallbackOptions _options = options.Value.Callbacks;

    /// <summary>The pause after a failed try: it doubles, up to an hour.</summary>
    public static TimeSpan PauseAfter(int tries, CallbackOptions options) =>
        TimeSpan.FromSeconds(Math.Min(3600, options.FirstPauseSeconds * Math.Pow(2, Math.Min(tries - 1, 20))));

    protected override Task ExecuteAsync(CancellationToken stopping) =>
        _options.Secret is null ? Task.CompletedTask : Task.WhenAll(functions.All.Select(queue => PumpAsync(queue, stopping)));

    private async Task PumpAsync(IWorkQueue queue, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_options.PollSeconds), time);
        var underWay = new List<Task>(AtOnce);
        try
        {
            do
            {
                await StartDueAsync(queue, underWay, stopping);
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        await Task.WhenAll(underWay);
    }

    /// <summary>Tries all that is due, many at once: a receiver that does not answer holds its own place for a while, not everybody's.</summary>
    private async Task StartDueAsync(IWorkQueue queue, List<Task> underWay, CancellationToken stopping)
    {
        // The lease outlasts a try, so that no other replica takes it meanwhile.
        var lease = TimeSpan.FromSeconds(_options.TimeoutSeconds + 5);
        try
        {
            while (true)
            {
                underWay.RemoveAll(task => task.IsCompleted);
                if (underWay.Count == AtOnce)
                {
                    await Task.WhenAny(underWay).WaitAsync(stopping);
                    continue;
                }

                var due = await queue.Callbacks.TakeAsync(AtOnce - underWay.Count, lease, stopping);
                if (due.Count == 0)
                    return;
                underWay.AddRange(due.Select(one => DeliverAsync(queue, one, stopping)));
            }
        }
        catch (WorkQueueUnavailableException)
        {
            // They are due again when Redis is back.
        }
    }

    private async Task DeliverAsync(IWorkQueue queue, DueCallback due, CancellationToken stopping)
    {
        try
        {
            var result = await sender.SendAsync(queue, due, stopping);
            if (result != CallbackResult.Delivered && result != CallbackResult.Refused && due.Tries < _options.MaxTries)
            {
                await queue.Callbacks.PostponeAsync(due, PauseAfter(due.Tries, _options), stopping);
                return;
            }

            if (result != CallbackResult.Delivered)
                LogGivenUp(due.JobId, due.Tries);
            await queue.Callbacks.ConfirmAsync(due, stopping);
        }
        catch (Exception ended) when (ended is WorkQueueUnavailableException || (ended is OperationCanceledException && stopping.IsCancellationRequested))
        {
            // Its lease ends, and it is due again.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The callback of job {JobId} is given up after {Tries} tries")]
    private partial void LogGivenUp(string jobId, int tries);
}
