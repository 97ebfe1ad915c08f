using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>Finds everything that is wrong with the options of Redis and the queue.</summary>
public static class WorkQueueOptionsValidator
{
    /// <summary>One line for each error, naming the key and what would be right; empty when all is well.</summary>
    public static IReadOnlyList<string> Validate(RedisOptions redis, WorkQueueOptions queue)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(redis.ConnectionString))
            errors.Add("Redis:ConnectionString is empty; give host:port or a StackExchange.Redis connection string.");
        else if (!Parses(redis.ConnectionString, out var why, out var encrypted))
            errors.Add($"Redis:ConnectionString is no StackExchange.Redis connection string: {why}");
        else
            errors.AddRange(RedisTls.Validate(redis, encrypted));
        InRange("Redis:TimeoutMs", redis.TimeoutMs, 50, 60_000);
        if (!IsName(queue.Name))
            errors.Add($"Queue:Name is '{queue.Name}'; it must be 1 to 63 of a-z, 0-9, '-' and '.'.");
        if (!Enum.IsDefined(queue.Order))
            errors.Add($"Queue:Order is '{queue.Order}'; it must be Fifo or AdaptiveLifo.");
        InRange("Queue:TargetLatencyMs", queue.TargetLatencyMs, 1, 3_600_000);
        InRange("Queue:LeaseSeconds", queue.LeaseSeconds, 0.1, 3600);
        InRange("Queue:MaxAttempts", queue.MaxAttempts, 1, 100);
        InRange("Queue:MaxDepth", queue.MaxDepth, 1, 1_000_000);
        InRange("Queue:MaxEstimatedWaitSeconds", queue.MaxEstimatedWaitSeconds, 0, 86_400);
        InRange("Queue:ResultSeconds", queue.ResultSeconds, 1, 604_800);
        InRange("Queue:KeyedResultSeconds", queue.KeyedResultSeconds, 1, 604_800);
        InRange("Queue:DeadLetterSeconds", queue.DeadLetterSeconds, 1, 31_536_000);
        InRange("Queue:MaxTimeoutSeconds", queue.MaxTimeoutSeconds, 0.1, 86_400);
        InRange("Queue:IdlePollMs", queue.IdlePollMs, 10, 60_000);
        return errors;

        void InRange(string key, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add($"{key} is {value}; it must be from {least} to {most}.");
        }
    }

    private static bool Parses(string connection, out string why, out bool encrypted)
    {
        encrypted = false;
        try
        {
            var parsed = ConfigurationOptions.Parse(connection);
            encrypted = parsed.Ssl;
            why = "it names no host.";
            return parsed.EndPoints.Count > 0;
        }
        catch (ArgumentException wrong)
        {
            // The message quotes the option, never its value.
            why = wrong.Message.Split('\n')[0];
            return false;
        }
    }

    private static bool IsName(string? name)
    {
        try
        {
            QueueKeys.Validate(name!);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
