using System.Diagnostics;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.WorkQueue;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>The worker's life: say that it starts, wait for the model, serve until told to stop, drain.</summary>
internal sealed partial class WorkerService(
    Task<Classifier> loading, IWorkQueues queues, WorkQueueOptions queueOptions, WorkerOptions options, PreprocessOptions preprocess,
    WorkerMetrics metrics, WorkerHealth health, WorkerFailure failure, IServer server, IHostApplicationLifetime lifetime, TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly ILogger _logger = loggers.CreateLogger<WorkerService>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ServeAsync(queues.Open(queueOptions.Name), stoppingToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the process ends with this as its one line
        catch (Exception error)
#pragma warning restore CA1031
        {
            failure.Set(error);
            lifetime.StopApplication();
        }
    }

    private async Task ServeAsync(IWorkQueue queue, CancellationToken stop)
    {
        await StartedAsync(stop).ConfigureAwait(false);
        await using var heartbeat = new Heartbeat(queue, Entry(), time);
        var classifier = await loading.WaitAsync(stop).ConfigureAwait(false);
        metrics.Serves(classifier.Model);
        await using var leases = new LeaseKeeper(queue, time);
        var estimates = new StageEstimates();
        var cores = CpuLimit.WholeCores();
        using var preparer = new BatchPreparer(classifier, preprocess, estimates, metrics, time);
        using var loop = new WorkLoop(
            new JobFetcher(queue, options, leases, estimates, metrics, time, loggers.CreateLogger<JobFetcher>()),
            preparer, new BatchExecutor(classifier, estimates, metrics, time),
            new JobFinisher(queue, leases, metrics, time, loggers.CreateLogger<JobFinisher>()),
            estimates, options, cores, time);
        var startup = StartupSeconds();
        health.Ready(loop);
        LogReady(options.EffectiveId, queue.Name, startup);
        using var abandon = new CancellationTokenSource();
        using var draining = stop.Register(() => abandon.CancelAfter(TimeSpan.FromSeconds(options.DrainSeconds)));
        var saying = heartbeat.SetAsync(entry => entry with
        {
            State = WorkerState.Ready, StartupSeconds = startup, Model = classifier.Model.Name, Weights = classifier.Model.Weights,
            Precision = classifier.Model.Precision.ToWord(),
        });
        var working = loop.RunAsync(classifier, stop, abandon.Token);
        await Task.WhenAny(working, WhenAsync(stop)).ConfigureAwait(false);
        health.Draining();
        if (!working.IsCompleted)
            await heartbeat.SetAsync(entry => entry with { State = WorkerState.Draining }).ConfigureAwait(false);
        await working.ConfigureAwait(false);
        await saying.ConfigureAwait(false);
        LogDrained();
    }

    private WorkerEntry Entry() => new(
        options.EffectiveId, WorkerState.Starting, 0, "", "", "", Environment.ProcessId,
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address ? Reachable(address) : "");

    private static string Reachable(string address) =>
        address.Replace("0.0.0.0", Environment.MachineName, StringComparison.Ordinal).Replace("[::]", Environment.MachineName, StringComparison.Ordinal);

    // The HTTP server has its port, which the heartbeat tells, once the host has started.
    private async Task StartedAsync(CancellationToken stop)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    private double StartupSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return (time.GetLocalNow().DateTime - process.StartTime).TotalSeconds;
    }

    private static async Task WhenAsync(CancellationToken cancelled) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(LogLevel.Information, "Worker {WorkerId} serves the queue {Queue}; ready {StartupSeconds:F2} s after its start.")]
    private partial void LogReady(string workerId, string queue, double startupSeconds);

    [LoggerMessage(LogLevel.Information, "Drained: nothing is claimed any more.")]
    private partial void LogDrained();
}

/// <summary>Why the worker ended by itself, for the exit code.</summary>
internal sealed class WorkerFailure
{
    private Exception? _error;

    public Exception? Error => Volatile.Read(ref _error);

    public void Set(Exception error) => Interlocked.CompareExchange(ref _error, error, null);
}
