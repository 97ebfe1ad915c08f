using System.Security.Authentication;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>Turns every way in which Redis can be away into the one exception that callers know.</summary>
internal static class RedisCall
{
    public static async Task<T> GuardAsync<T>(Task<T> call, RedisConnections connections, CancellationToken cancellation)
    {
        try
        {
            return await call.WaitAsync(connections.Limit, cancellation).ConfigureAwait(false);
        }
        catch (Exception away) when (IsAway(away))
        {
            // The call may still fail later; nobody else looks at it.
            _ = call.ContinueWith(
                static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw Unavailable(connections.Explain(away));
        }
    }

    /// <summary>What callers are told.</summary>
    public static WorkQueueUnavailableException Unavailable(Exception away) => new($"Redis is unavailable: {Reason(away)}", away);

    /// <summary>Whether an exception means that Redis is away.</summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        TimeoutException => true, // RedisTimeoutException is one
        RedisConnectionException => true,
        ObjectDisposedException => true,
        RedisServerException server => ServerIsAway(server.Message),
        RedisException => true,
        _ => false,
    };

    // Loading after a restart, a replica without its master, a failover under way, or no leave to write.
    private static bool ServerIsAway(string message) =>
        message.StartsWith("LOADING", StringComparison.Ordinal) || message.StartsWith("MASTERDOWN", StringComparison.Ordinal)
        || message.StartsWith("READONLY", StringComparison.Ordinal) || message.StartsWith("CLUSTERDOWN", StringComparison.Ordinal)
        || message.StartsWith("TRYAGAIN", StringComparison.Ordinal) || message.StartsWith("UNBLOCKED", StringComparison.Ordinal)
        || message.StartsWith("NOAUTH", StringComparison.Ordinal) || message.StartsWith("WRONGPASS", StringComparison.Ordinal)
        || message.StartsWith("OOM", StringComparison.Ordinal) || message.StartsWith("BUSY", StringComparison.Ordinal)
        || message.StartsWith("MISCONF", StringComparison.Ordinal) || message.StartsWith("NOREPLICAS", StringComparison.Ordinal);

    private static string Reason(Exception exception) => exception switch
    {
        _ when Refusal(exception) is { } refusal => $"the TLS connection fails. {refusal.Message}",
        RedisServerException server => server.Message.Split('\n')[0],
        TimeoutException => "no answer within the time limit.",
        RedisConnectionException connection => $"no connection ({connection.FailureType}).",
        _ => exception.GetType().Name,
    };

    // What the client says last is "rejected by the callback"; the one before names the fault.
    private static AuthenticationException? Refusal(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is AuthenticationException refusal)
                return refusal;
        }

        return null;
    }
}
