namespace Keda.Inference.LoadTest.Live;

/// <summary>Reads queue and replicas once a second; a page that does not answer leaves them unknown.</summary>
internal sealed class SignalPoller(SignalSource source, LiveCounters live, TimeProvider time) : IDisposable
{
    private const int MaximumPageBytes = 4 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(2),
        MaxResponseContentBufferSize = MaximumPageBytes,
    };

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var events = source.Events is { } address ? new LiveEvents(address, _http, time) : null;
        var following = events?.FollowAsync(cancellation) ?? Task.CompletedTask;
        try
        {
            do
                live.Add(await SampleAsync(cancellation) is var sample && events?.Replicas is { } replicas ? sample with { Replicas = replicas } : sample);
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
        }

        await following;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>One reading.</summary>
    public async Task<SignalSample> SampleAsync(CancellationToken cancellation)
    {
        var at = live.Seconds;
        double? waiting = null, inFlight = null, replicas = null;
        foreach (var page in source.Pages)
        {
            if (await ReadAsync(page, cancellation) is not { } text)
                continue;
            waiting ??= First(text, source.Waiting);
            inFlight ??= First(text, source.InFlight);
            replicas ??= First(text, source.Replicas);
        }

        return new SignalSample(at, waiting, inFlight, replicas);
    }

    private async Task<string?> ReadAsync(Uri page, CancellationToken cancellation)
    {
        try
        {
            return await _http.GetStringAsync(page, cancellation);
        }
        catch (Exception failed) when (failed is HttpRequestException || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static double? First(string text, IReadOnlyList<string> names) =>
        names.Select(name => PrometheusText.Sum(text, name)).FirstOrDefault(value => value is not null);
}
