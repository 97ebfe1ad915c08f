using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Keda.Inference.ExternalScaler.Cluster;
using Keda.Inference.ExternalScaler.Telemetry;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Service;

/// <summary>Gives every failure the status KEDA can act on, and counts and times every call.</summary>
internal sealed partial class RpcInterceptor(ScalerMetrics metrics, TimeProvider time, ILogger<RpcInterceptor> logger) : Interceptor
{
    /// <summary>An outage fails every call of every ScaledObject; the log needs to hear of it now and then.</summary>
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Method, StatusCode Status), long> _logged = new();

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var started = time.GetTimestamp();
        try
        {
            var response = await continuation(request, context);
            metrics.Rpc(context.Method, StatusCode.OK, time.GetElapsedTime(started));
            return response;
        }
        catch (Exception error)
        {
            throw Failed(context.Method, error, time.GetElapsedTime(started));
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var started = time.GetTimestamp();
        try
        {
            await continuation(request, responseStream, context);
            metrics.Rpc(context.Method, StatusCode.OK, null);
        }
        catch (Exception error)
        {
            throw Failed(context.Method, error, null);
        }
    }

    private RpcException Failed(string method, Exception error, TimeSpan? elapsed)
    {
        var status = ToStatus(error);
        metrics.Rpc(method, status.StatusCode, elapsed);
        if (status.StatusCode == StatusCode.Internal)
            LogInternal(error, method);
        else if (status.StatusCode != StatusCode.Cancelled && IsLogDue(method, status.StatusCode))
            LogRefused(method, status.StatusCode, status.Detail);
        return new RpcException(status);
    }

    private bool IsLogDue(string method, StatusCode status)
    {
        var now = time.GetTimestamp();
        var last = _logged.GetOrAdd((method, status), now);
        return last == now || (time.GetElapsedTime(last, now) >= LogEvery && _logged.TryUpdate((method, status), now, last));
    }

    private static Status ToStatus(Exception error) => error switch
    {
        RpcException rpc => rpc.Status,
        TriggerException trigger => new(StatusCode.InvalidArgument, trigger.Message),
        WorkQueueUnavailableException redis => new(StatusCode.Unavailable, $"Redis cannot be read: {redis.Message}"),
        ClusterUnavailableException cluster => new(StatusCode.Unavailable, cluster.Message),
        OperationCanceledException => new(StatusCode.Cancelled, "The call was given up."),
        _ => new(StatusCode.Internal, "The scaler failed; its log says why."),
    };

    [LoggerMessage(LogLevel.Error, "{Method} failed.")]
    private partial void LogInternal(Exception error, string method);

    [LoggerMessage(LogLevel.Warning, "{Method} is answered with {Status} (said at most every 5 s): {Detail}")]
    private partial void LogRefused(string method, StatusCode status, string detail);
}
