using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Keda.Inference.LoadTest.Live;

/// <summary>
/// Follows the ingress' own server-sent events for what its metrics page does not show: how many workers live. A target without such
/// events leaves that unknown.
/// </summary>
internal sealed class LiveEvents(Uri address, HttpClient http, TimeProvider time)
{
    /// <summary>The ingress sends two a second; an older one says nothing about now.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private volatile Reading? _latest;

    /// <summary>Null when unknown.</summary>
    public double? Replicas => _latest is { } latest && time.GetElapsedTime(latest.At) < Fresh ? latest.Replicas : null;

    /// <summary>Until cancelled, or until the target ends the stream or has none.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
                return;
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
            {
                if (item.EventType == "sample" && ReplicasIn(item.Data) is { } replicas)
                    _latest = new Reading(replicas, time.GetTimestamp());
            }
        }
        catch (Exception ended) when (ended is HttpRequestException or IOException or OperationCanceledException)
        {
            // What is known goes stale by itself.
        }
    }

    private static double? ReplicasIn(string data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("replicas", out var replicas)
                && replicas.ValueKind == JsonValueKind.Number ? replicas.GetDouble() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Reading(double Replicas, long At);
}
