namespace Keda.Inference.WorkQueue;

/// <summary>
/// The keys of one queue. All carry the hash tag <c>{name}</c>, so that they share a slot in Redis Cluster and one script may touch them.
/// </summary>
public static class QueueKeys
{
    /// <summary>Begins every key of the product.</summary>
    public const string Root = "keda-inference:";

    /// <summary>Begins every key of a queue.</summary>
    public static string Prefix(string queue) => $"{Root}{{{queue}}}:";

    /// <summary>The list of ids that wait, oldest first: LLEN is exactly "waiting, not yet claimed", for KEDA's own redis scaler too.</summary>
    public static string Waiting(string queue) => Prefix(queue) + "waiting";

    /// <summary>Announces work.</summary>
    internal static string Wake(string queue) => Prefix(queue) + "wake";

    /// <summary>Announces a new local scale.</summary>
    internal static string Scaled(string queue) => Prefix(queue) + "scaled";

    internal static string Body(string prefix, string jobId) => prefix + "body:" + jobId;

    internal static string Reply(string inbox) => Root + "reply:" + inbox;

    internal const string ScaledObjects = Root + "scaledobjects";

    internal static void Validate(string queue)
    {
        var valid = queue is { Length: >= 1 and <= 63 } && queue.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
        if (!valid)
            throw new ArgumentException($"The queue name '{queue}' is not 1 to 63 of a-z, 0-9, '-' and '.'.", nameof(queue));
    }
}
