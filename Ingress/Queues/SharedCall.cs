namespace Keda.Inference.Ingress.Queues;

/// <summary>One call at a time; whoever comes while it runs gets its result.</summary>
internal sealed class SharedCall<T>
{
    private readonly Lock _lock = new();
    private Task<T>? _running;

    public Task<T> GetAsync(Func<Task<T>> call)
    {
        lock (_lock)
            return _running is { IsCompleted: false } running ? running : _running = call();
    }
}
