namespace Keda.Inference.WorkQueue;

/// <summary>The result of an asynchronous beginning, kept once there is one; a beginning that failed is made anew for the next who asks.</summary>
internal sealed class Retained<T>(Func<Task<T>> begin)
{
    private readonly Lock _lock = new();
    private Task<T>? _begun;

    /// <summary>The beginning under way or made.</summary>
    public Task<T> Task
    {
        get
        {
            lock (_lock)
            {
                if (_begun is null or { IsFaulted: true } or { IsCanceled: true })
                    _begun = begin();
                return _begun;
            }
        }
    }

    /// <summary>What came of it, or nothing if nobody has asked or it failed.</summary>
    public async Task<T?> EndedAsync()
    {
        Task<T>? begun;
        lock (_lock)
            begun = _begun;
        if (begun is null)
            return default;
        await ((Task)begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return begun.IsCompletedSuccessfully ? begun.Result : default;
    }
}
