using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

/// <summary>Finds everything that is wrong with the options of Redis and the queue.</summary>
public static class WorkQueueOptionsValidator
{
    private const string NameRule = "1 to 63 of a-z, 0-9, '-' and '.'";

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
            errors.Add($"Queue:Name is '{queue.Name}'; it must be {NameRule}.");
        errors.AddRange(ValidateRules(WorkQueueOptions.Section, queue));
        return errors;

        void InRange(string key, double value, double least, double most) => Check(errors, key, value, least, most);
    }

    /// <summary>The same for what a queue of its own name overrides, in the section <c>Queues:{name}</c>.</summary>
    /// <param name="name">The name as the configuration has it, whose keys know no case.</param>
    /// <param name="overrides">What stands in that section, defaults for the rest.</param>
    public static IReadOnlyList<string> ValidateOverrides(string name, WorkQueueOptions overrides) =>
    [
        .. IsName(name.ToLowerInvariant()) ? Array.Empty<string>() : [$"{WorkQueueOptions.OverridesSection}:{name} is no queue; its name must be {NameRule}."],
        .. ValidateRules($"{WorkQueueOptions.OverridesSection}:{name}", overrides),
    ];

    private static List<string> ValidateRules(string section, WorkQueueOptions queue)
    {
        var errors = new List<string>();
        if (!Enum.IsDefined(queue.Order))
            errors.Add($"{section}:Order is '{queue.Order}'; it must be Fifo or AdaptiveLifo.");
        InRange("TargetLatencyMs", queue.TargetLatencyMs, 1, 3_600_000);
        InRange("LeaseSeconds", queue.LeaseSeconds, 0.1, 3600);
        InRange("MaxAttempts", queue.MaxAttempts, 1, 100);
        InRange("MaxDepth", queue.MaxDepth, 1, 1_000_000);
        InRange("MaxEstimatedWaitSeconds", queue.MaxEstimatedWaitSeconds, 0, 86_400);
        InRange("ResultSeconds", queue.ResultSeconds, 1, 604_800);
        InRange("KeyedResultSeconds", queue.KeyedResultSeconds, 1, 604_800);
        InRange("DeadLetterSeconds", queue.DeadLetterSeconds, 1, 31_536_000);
        InRange("MaxTimeoutSeconds", queue.MaxTimeoutSeconds, 0.1, 86_400);
        InRange("IdlePollMs", queue.IdlePollMs, 10, 60_000);
        return errors;

        void InRange(string key, double value, double least, double most) => Check(errors, $"{section}:{key}", value, least, most);
    }

    private static void Check(List<string> errors, string key, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            errors.Add($"{key} is {value}; it must be from {least} to {most}.");
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
