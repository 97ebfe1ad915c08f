using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>Reads what scripts return.</summary>
internal static class Reply
{
    public static RedisResult[] Items(this RedisResult result) => (RedisResult[]?)result ?? [];

    public static string Text(this RedisResult result) => (string?)result ?? "";

    public static string? TextOrNull(this RedisResult result) => result.IsNull ? null : (string?)result;

    public static long Number(this RedisResult result) => result.IsNull ? 0 : (long)result;

    public static byte[] Bytes(this RedisResult result) => (byte[]?)result ?? [];

    /// <summary>A hash as HGETALL gives it.</summary>
    public static Dictionary<string, long> Counts(this RedisResult result)
    {
        var items = result.Items();
        var counts = new Dictionary<string, long>(items.Length / 2, StringComparer.Ordinal);
        for (var i = 0; i + 1 < items.Length; i += 2)
            counts[items[i].Text()] = (long)items[i + 1];
        return counts;
    }

    /// <summary>The state by its name in the store.</summary>
    public static JobState State(string? name) => name switch
    {
        "waiting" => JobState.Waiting,
        "running" => JobState.Running,
        "ok" => JobState.Succeeded,
        "rejected" => JobState.Rejected,
        "failed" => JobState.Failed,
        "expired" => JobState.Expired,
        "cancelled" => JobState.Cancelled,
        _ => JobState.Unknown,
    };

    /// <summary>The outcome of a job that has ended, otherwise null.</summary>
    public static JobOutcome? Outcome(JobState state, int attempts, RedisResult payload, RedisResult code, RedisResult message) => state switch
    {
        JobState.Succeeded => new(state, payload.Bytes(), null, attempts),
        JobState.Rejected or JobState.Failed or JobState.Expired or JobState.Cancelled =>
            new(state, default, new JobError(code.Text(), message.Text()), attempts),
        _ => null,
    };
}
