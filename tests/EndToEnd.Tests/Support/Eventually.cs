namespace Keda.Inference.EndToEnd.Tests.Support;

internal static class Eventually
{
    /// <summary>Waits for a condition that other processes bring about.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse($"{what} did not come within 60 s");
            await Task.Delay(20, cancellation);
        }
    }
}
