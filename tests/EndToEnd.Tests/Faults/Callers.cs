using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Keda.Inference.LocalCluster;

namespace Keda.Inference.EndToEnd.Tests.Faults;

/// <summary>Callers who each send one picture, know the right answer, and repeat with their idempotency key when they are told to.</summary>
internal sealed class Callers : IDisposable
{
    private static readonly (byte[] Picture, string Label)[] s_pictures =
        [.. new[] { (255, 0, 0, "red"), (0, 255, 0, "green"), (0, 0, 255, "blue") }.Select(colour =>
            (PlainPictures.Png(colour.Item1, colour.Item2, colour.Item3), colour.Item4))];

    private readonly HttpClient _http;

    public Callers(Uri address) =>
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(90) };

    /// <summary>What each caller got in the end: the status, and whether the answer was right.</summary>
    public ConcurrentDictionary<int, (HttpStatusCode Status, bool IsRight, string Body)> Ends { get; } = new();

    /// <summary>How many have got an answer.</summary>
    public int Answered => Ends.Count;

    /// <summary>Sends from <paramref name="count"/> callers, so many at once. Each repeats on 429, 503 and a broken connection if it may.</summary>
    public Task SendAsync(int count, int atOnce, bool repeat, CancellationToken cancellation, Func<int, string>? requestId = null) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
            async (caller, token) =>
            {
                while (!await TryAsync(caller, repeat, requestId?.Invoke(caller), token))
                    await Task.Delay(50, token);
            });

    /// <summary>Fails unless every caller got a right answer or one of the documented errors.</summary>
    public void ShouldAllBeAnswered(int count, params HttpStatusCode[] errors)
    {
        Ends.Count.ShouldBe(count);
        foreach (var (caller, end) in Ends)
        {
            var fits = end.Status == HttpStatusCode.OK ? end.IsRight : errors.Contains(end.Status);
            fits.ShouldBeTrue($"caller {caller} got {(int)end.Status}: {end.Body}");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> TryAsync(int caller, bool repeat, string? requestId, CancellationToken cancellation)
    {
        var (picture, label) = s_pictures[caller % s_pictures.Length];
        using var request = new HttpRequestMessage(HttpMethod.Post, "/predict") { Content = new ByteArrayContent(picture) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        if (repeat)
            request.Headers.Add("Idempotency-Key", $"caller-{caller}");
        if (requestId is not null)
            request.Headers.Add("X-Request-Id", requestId);
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            if (repeat && answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
                return false;
            // Answered twice would be a fault of its own.
            Ends.TryAdd(caller, (answer.StatusCode, IsRight(body, label), body)).ShouldBeTrue();
            return true;
        }
        catch (HttpRequestException) when (repeat)
        {
            return false;
        }
    }

    private static bool IsRight(string body, string label)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.TryGetProperty("predictions", out var predictions) && predictions[0].GetProperty("label").GetString() is { } best
            && (best == label || best == "served");
    }
}
