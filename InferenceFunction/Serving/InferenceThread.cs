using System.Collections.Concurrent;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>
/// The one thread on which inferences run. They block for tens of milliseconds, and on one core the thread pool has only one thread: on
/// that, they would hold up leases, heartbeats and probes.
/// </summary>
internal sealed class InferenceThread : IDisposable
{
    private readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> _work = [];
    private readonly Thread _thread;

    public InferenceThread()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "inference" };
        _thread.Start();
    }

    /// <summary>Runs work on the thread; its exception comes out of the task.</summary>
    public Task RunAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add((work, done));
        return done.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        // A hanging inference must not keep the process from ending.
        if (_thread.Join(TimeSpan.FromSeconds(1)))
            _work.Dispose();
    }

    private void Run()
    {
        foreach (var (work, done) in _work.GetConsumingEnumerable())
        {
            try
            {
                work();
                done.SetResult();
            }
#pragma warning disable CA1031 // whatever it is, it belongs to whoever asked for the work
            catch (Exception error)
#pragma warning restore CA1031
            {
                done.SetException(error);
            }
        }
    }
}
