namespace Keda.Inference.ExternalScaler.Tests.Support;

/// <summary>Waits for what other processes and watches bring about in their own time.</summary>
internal static class Eventually
{
    public static async Task BeAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            while (!await condition())
                await Task.Delay(20, limit.Token);
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new ShouldAssertException($"Waited 20 s in vain for: {what}.");
        }
    }

    public static Task BeAsync(Func<bool> condition, string what) => BeAsync(() => Task.FromResult(condition()), what);
}
