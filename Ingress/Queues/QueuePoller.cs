using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Live;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.Ingress.Telemetry;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Queues;

/// <summary>Reads the signals of every queue twice a second, for backpressure, metrics and the page; sweeps each now and then.</summary>
internal sealed partial class QueuePoller(
    FunctionCatalogue functions, QueueWatch watch, IngressMetrics metrics, LiveHistories live, BodyBudget budget,
    IOptions<IngressOptions> options, TimeProvider time, ILogger<QueuePoller> logger) : BackgroundService
{
    private const int PollsBetweenWorkerLists = 4;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);
    private readonly TimeSpan _sweepInterval = TimeSpan.FromSeconds(options.Value.SweepIntervalSeconds);

    protected override Task ExecuteAsync(CancellationToken stopping) =>
        Task.WhenAll(functions.All.SelectMany(queue => new[] { PollAsync(queue, stopping), SweepAsync(queue, stopping) }));

    private async Task PollAsync(IWorkQueue queue, CancellationToken stopping)
    {
        var away = false;
        var polls = 0;
        bool? untrained = null;
        await foreach (var _ in Ticks(s_interval, stopping))
        {
            metrics.BufferedBytes.Set(budget.Taken);
            try
            {
                var signals = await watch.RefreshAsync(queue, stopping);
                metrics.Queue(queue.Name, signals);
                if (polls++ % PollsBetweenWorkerLists == 0)
                    untrained = await AnyUntrainedAsync(queue, stopping);
                live.Add(queue.Name, signals, untrained);
                if (away)
                    LogBack(queue.Name);
                away = false;
            }
            catch (WorkQueueUnavailableException exception)
            {
                metrics.QueueUnknown(queue.Name);
                live.AddUnknown(queue.Name);
                if (!away)
                    LogAway(queue.Name, exception.Message);
                away = true;
            }
        }
    }

    /// <summary>When no worker lives, nobody else puts back what dead ones held.</summary>
    private async Task SweepAsync(IWorkQueue queue, CancellationToken stopping)
    {
        await foreach (var _ in Ticks(_sweepInterval, stopping))
        {
            try
            {
                if (watch.IsAvailable && await queue.SweepAsync(stopping) is > 0 and var touched)
                    LogSwept(touched, queue.Name);
            }
            catch (WorkQueueUnavailableException)
            {
                // The poll above says so.
            }
        }
    }

    /// <summary>Null while no worker says what it has.</summary>
    private static async Task<bool?> AnyUntrainedAsync(IWorkQueue queue, CancellationToken stopping)
    {
        var workers = await queue.Workers.ListAsync(stopping);
        return workers.Count == 0 ? null : workers.Any(worker => worker.Weights == "untrained");
    }

    private async IAsyncEnumerable<bool> Ticks(
        TimeSpan interval, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            yield return true;
        }
        while (await WaitAsync(timer, stopping));
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue {Queue} cannot be reached: {Reason}")]
    private partial void LogAway(string queue, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue {Queue} is reached again")]
    private partial void LogBack(string queue);

    [LoggerMessage(Level = LogLevel.Information, Message = "Put back or answered {Count} jobs of {Queue} that nobody held any more")]
    private partial void LogSwept(int count, string queue);
}
