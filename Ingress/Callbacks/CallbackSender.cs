using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.Ingress.Telemetry;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Callbacks;

/// <summary>What a receiver gets.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="State">How it ended, such as <c>succeeded</c>.</param>
/// <param name="Result">The answer of a succeeded one.</param>
/// <param name="Error">The documented error of any other.</param>
internal sealed record CallbackDocument(string Id, string State, PredictionResponse? Result, ProblemDocument? Error);

internal enum CallbackResult
{
    Delivered,
    Failed,

    /// <summary>The receiver says that it will never take it (410).</summary>
    Refused,
}

/// <summary>Makes one try to deliver a callback.</summary>
internal sealed partial class CallbackSender : IDisposable
{
    private readonly HttpClient _client;
    private readonly CallbackSigner _signer;
    private readonly IngressMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<CallbackSender> _logger;

    public CallbackSender(
        CallbackAddresses addresses, IOptions<IngressOptions> options, IngressMetrics metrics, TimeProvider time, ILogger<CallbackSender> logger)
    {
        var callbacks = options.Value.Callbacks;
        _ = CallbackSigner.TryReadSecret(callbacks.Secret ?? "", out var secret);
        (_signer, _metrics, _time, _logger) = (new(secret), metrics, time, logger);
        _client = new(new SocketsHttpHandler
        {
            // A redirect, a proxy or a cookie would each lead around the check of the address.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = addresses.ConnectAsync,
            // Names are resolved and checked anew at least this often.
            PooledConnectionLifetime = TimeSpan.FromSeconds(60),
            MaxConnectionsPerServer = 32,
        })
        {
            Timeout = TimeSpan.FromSeconds(callbacks.TimeoutSeconds),
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new("Keda.Inference", null));
    }

    public async Task<CallbackResult> SendAsync(IWorkQueue queue, DueCallback due, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(DocumentOf(queue, due), CallbackJson.Default.CallbackDocument);
        var result = CallbackResult.Failed;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, due.Address) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            _signer.Sign(request, MessageIdOf(queue, due), _time.GetUtcNow(), body);
            if (due.RequestId is { } requestId)
                request.Headers.TryAddWithoutValidation(RequestIds.Header, requestId);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            result = response switch
            {
                { IsSuccessStatusCode: true } => CallbackResult.Delivered,
                { StatusCode: HttpStatusCode.Gone } => CallbackResult.Refused,
                _ => CallbackResult.Failed,
            };
            if (result == CallbackResult.Failed)
                LogRefused(due.JobId, due.Tries, response.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException
                                          || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogFailed(due.JobId, due.Tries, exception.InnerException?.Message ?? exception.Message);
        }

        _metrics.Callback(result.ToString().ToLowerInvariant());
        return result;
    }

    public void Dispose() => _client.Dispose();

    // A replayed job ends anew: a receiver that drops what it has seen must not drop that.
    private static string MessageIdOf(IWorkQueue queue, DueCallback due) =>
        RequestReference.Format(queue.Name, due.JobId) + (due.Replays > 0 ? $".{due.Replays}" : "");

    private static CallbackDocument DocumentOf(IWorkQueue queue, DueCallback due)
    {
        var id = RequestReference.Format(queue.Name, due.JobId);
        var state = due.Outcome.State.ToString().ToLowerInvariant();
        try
        {
            return new(id, state, PredictionResponse.Of(queue, due.JobId, Outcomes.ResultOrThrow(due.Outcome), null), null);
        }
        catch (ProblemException problem)
        {
            var kind = problem.Kind;
            return new(id, state, null, new(kind.Type, kind.Title, kind.Status, problem.Message, problem.Code, null, due.RequestId));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Try {Tries} to deliver the callback of job {JobId} got {Status}")]
    private partial void LogRefused(string jobId, int tries, HttpStatusCode status);

    // The address may carry a secret, so it is not logged.
    [LoggerMessage(Level = LogLevel.Information, Message = "Try {Tries} to deliver the callback of job {JobId} failed: {Reason}")]
    private partial void LogFailed(string jobId, int tries, string reason);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallbackDocument))]
internal sealed partial class CallbackJson : JsonSerializerContext;
