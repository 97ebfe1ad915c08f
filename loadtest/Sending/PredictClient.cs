using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>Posts pictures; as many connections as there are requests in flight, since an open loop never waits for one.</summary>
internal sealed class PredictClient : IDisposable
{
    private const int MaximumAnswerBytes = 1 << 20;

    private readonly HttpClient _http;
    private readonly RunPlan _plan;
    private readonly PreparedBody[] _bodies;

    public PredictClient(RunPlan plan)
    {
        _plan = plan;
        _bodies = [.. plan.Pictures.Select(picture => PreparedBody.Create(picture, plan.Form))];
        _http = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = int.MaxValue,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            // Tracing headers would make each request an Activity and cost the generator time.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaximumAnswerBytes,
        };
    }

    public double MeanBodyBytes => _bodies.Average(body => body.Length);

    public async Task<Reply> SendAsync(int picture, CancellationToken interrupted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        limit.CancelAfter(_plan.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _plan.Target) { Content = _bodies[picture].ToContent() };
            foreach (var (name, value) in _plan.Headers)
                request.Headers.TryAddWithoutValidation(name, value);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return new Reply((int)response.StatusCode, body, null);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Reply.Unfinished;
        }
        catch (OperationCanceledException)
        {
            return Reply.TimedOut;
        }
        catch (HttpRequestException problem)
        {
            return new Reply(0, [], Describe(problem));
        }
    }

    /// <summary>Warms connections and code up, and says clearly when nobody answers there.</summary>
    public async Task WarmUpAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < _plan.WarmUpRequests; i++)
        {
            var reply = await SendAsync(i % _bodies.Length, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (reply is { Status: 0, IsTimeout: false })
                throw new FailureException($"No answer from {_plan.Target}: {reply.Problem}. Is the service running there?");
            if (reply.Status is 404 or 405)
                throw new FailureException($"{_plan.Target} answers {reply.Status}: no pictures are taken there; give --target with the service's path.");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Describe(HttpRequestException problem) => problem.InnerException switch
    {
        SocketException socket => socket.SocketErrorCode.ToString(),
        _ => problem.HttpRequestError == HttpRequestError.Unknown ? problem.Message : problem.HttpRequestError.ToString(),
    };
}

/// <param name="Status">HTTP status; 0 where none came.</param>
/// <param name="Body">The answer's bytes.</param>
/// <param name="Problem">Why there is no status.</param>
internal readonly record struct Reply(int Status, byte[] Body, string? Problem)
{
    public static Reply TimedOut { get; } = new(0, [], "no answer in time");

    public static Reply Unfinished { get; } = new(0, [], "interrupted");

    public bool IsTimeout => ReferenceEquals(Problem, TimedOut.Problem);

    public bool IsUnfinished => ReferenceEquals(Problem, Unfinished.Problem);
}
