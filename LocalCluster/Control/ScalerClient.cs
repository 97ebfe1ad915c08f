using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Service;

namespace Keda.Inference.LocalCluster;

/// <summary>Calls the scaler over gRPC as KEDA 2.20 does, and asks its HTTP side for the reason of its last decision.</summary>
internal sealed class ScalerClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private readonly GrpcChannel _channel;
    private readonly ExternalScaler.Protos.ExternalScaler.ExternalScalerClient _client;
    private readonly HttpClient _http;
    private readonly ScaledObjectRef _reference;

    public ScalerClient(ClusterOptions options)
    {
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{options.ScalerPort}");
        _client = new(_channel);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.ScalerHttpPort}"), Timeout = Limit };
        _reference = new ScaledObjectRef { Name = ClusterOptions.Queue, Namespace = ClusterOptions.Namespace };
        foreach (var (key, value) in Metadata(options))
            _reference.ScalerMetadata[key] = value;
    }

    /// <summary>The trigger's metadata as a ScaledObject would carry it.</summary>
    public static IReadOnlyDictionary<string, string> Metadata(ClusterOptions options)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["scalerAddress"] = $"127.0.0.1:{options.ScalerPort}",
            ["queue"] = ClusterOptions.Queue,
            ["policy"] = options.Policy,
            // The scaler decides once in the interval in which it is asked.
            ["pollSeconds"] = $"{Math.Max(1, Math.Min(options.Poll, options.SyncPeriod))}",
        };
        foreach (var (key, value) in options.Metadata)
            metadata[key] = value;
        return metadata;
    }

    /// <summary>What every poll of KEDA and every sync of the HPA asks: the spec, the metric and whether it is active.</summary>
    /// <exception cref="RpcException">The scaler says why it cannot answer.</exception>
    public async Task<ScalerAnswer> AskAsync(CancellationToken cancellation)
    {
        var options = new CallOptions(deadline: DateTime.UtcNow + Limit, cancellationToken: cancellation);
        var spec = (await _client.GetMetricSpecAsync(_reference, options)).MetricSpecs.Single();
        using var call = _client.GetMetricsAsync(new GetMetricsRequest { ScaledObjectRef = _reference, MetricName = spec.MetricName }, options);
        var values = await call.ResponseAsync;
        var active = await _client.IsActiveAsync(_reference, options);
        // A float counts when it is greater than 0, else the integer; several values are summed.
        var value = values.MetricValues.Sum(metric => metric.MetricValueFloat > 0 ? metric.MetricValueFloat : metric.MetricValue_);
        var target = spec.TargetSizeFloat > 0 ? spec.TargetSizeFloat : spec.TargetSize;
        return new ScalerAnswer(value, target, active.Result, call.GetTrailers().GetValue(MetricContract.ReasonTrailer));
    }

    /// <summary>Yields each message of the push stream; ends when the scaler ends it.</summary>
    public async IAsyncEnumerable<bool> StreamAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = _client.StreamIsActive(_reference, cancellationToken: cancellation);
        await foreach (var message in call.ResponseStream.ReadAllAsync(cancellation))
            yield return message.Result;
    }

    /// <summary>The reason of the last decision that is kept, or what can be said without it.</summary>
    public async Task<string> ReasonAsync(string otherwise, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _http.GetAsync(
                new Uri($"/scaledobjects/{ClusterOptions.Namespace}/{ClusterOptions.Queue}", UriKind.Relative), cancellation);
            using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            return LastReason(json.RootElement) ?? otherwise;
        }
        catch (Exception away) when (away is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return otherwise;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _channel.Dispose();
    }

    private static string? LastReason(JsonElement root) =>
        root.TryGetProperty("triggers", out var triggers) && triggers.GetArrayLength() > 0
            && triggers[0].TryGetProperty("decisions", out var decisions) && decisions.GetArrayLength() > 0
            && decisions[0].TryGetProperty("reason", out var reason)
            ? reason.GetString()
            : null;
}

/// <summary>What KEDA reads from a scaler.</summary>
/// <param name="Value">The metric.</param>
/// <param name="Target">Its target for each replica.</param>
/// <param name="Active">Whether the target is to have at least one replica.</param>
/// <param name="Reason">Why it is that value; KEDA does not read it.</param>
internal sealed record ScalerAnswer(double Value, double Target, bool Active, string? Reason);
