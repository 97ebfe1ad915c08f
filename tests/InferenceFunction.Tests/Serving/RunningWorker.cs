using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Serving;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keda.Inference.InferenceFunction.Tests.Serving;

/// <summary>The worker's own parts, put together as the service does, over a queue of the test's.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Classifier _classifier;
    private readonly BatchPreparer _preparer;
    private readonly WorkLoop _loop;
    private readonly LeaseKeeper _leases;
    private readonly Task _running;

    public RunningWorker(IWorkQueue queue, TinyModel model, WorkerOptions? options = null, int cores = 2)
    {
        options ??= new WorkerOptions();
        var preprocess = new PreprocessOptions { Mean = "0,0,0", Deviation = "1,1,1" };
        var time = TimeProvider.System;
        _classifier = new ClassifierLoader(new RuntimeOptions { Threads = 1 }, preprocess, NullLogger<ClassifierLoader>.Instance)
            .Load(ModelInspector.Inspect(model.Path), model.Options, options.MaxBatch);
        _leases = new LeaseKeeper(queue, time);
        var estimates = new StageEstimates();
        _preparer = new BatchPreparer(_classifier, preprocess, estimates, Metrics, time);
        _loop = new WorkLoop(
            new JobFetcher(queue, options, _leases, estimates, Metrics, time, NullLogger<JobFetcher>.Instance), _preparer,
            new BatchExecutor(_classifier, estimates, Metrics, time),
            new JobFinisher(queue, _leases, Metrics, time, NullLogger<JobFinisher>.Instance), estimates, options, cores, time);
        _running = _loop.RunAsync(_classifier, _stop.Token, _abandon.Token);
    }

    public WorkerMetrics Metrics { get; } = new();

    /// <summary>An orderly stop, as at SIGTERM.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _leases.DisposeAsync();
        _loop.Dispose();
        _preparer.Dispose();
        _classifier.Dispose();
        _stop.Dispose();
        _abandon.Dispose();
    }
}
