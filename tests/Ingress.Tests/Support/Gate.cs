using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Tests;

/// <summary>Ways for a worker to be slow that a test controls.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a job is in the worker's hands.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Open() => _open.TrySetResult();

    public async Task ServeAsync(IWorkQueue queue, ClaimedJob job, CancellationToken cancellation)
    {
        _reached.TrySetResult();
        await _open.Task.WaitAsync(cancellation);
        await FakeWorker.AnswerAsync(queue, job, cancellation);
    }
}
