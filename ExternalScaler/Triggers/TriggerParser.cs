using System.Text.RegularExpressions;
using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>Turns a trigger's metadata into settings, or reports everything that is wrong with it at once.</summary>
internal static partial class TriggerParser
{
    private const int MostUpstream = 16;
    private const int MostKeys = 64;

    /// <exception cref="TriggerException">Something is wrong.</exception>
    public static TriggerSettings Parse(IReadOnlyDictionary<string, string> metadata)
    {
        var reader = new MetadataReader(metadata);
        var errors = reader.Errors;
        if (metadata.Count > MostKeys)
            throw new TriggerException([$"The metadata has {metadata.Count} keys; at most {MostKeys} are read."]);
        Unknown(metadata, errors);

        var queue = reader.Text(MetadataKeys.Queue);
        if (queue is null)
            errors.Add("queue is missing; name the queue to scale on, such as resnet18.");
        else if (!QueueName().IsMatch(queue))
            errors.Add($"queue is '{MetadataReader.Shorten(queue)}'; 1 to 63 of a-z, 0-9, '-' and '.' are needed.");

        var pollSeconds = reader.Number(MetadataKeys.PollSeconds, 0.1, 3600) ?? 15;
        var fastLane = reader.Flag(MetadataKeys.FastLane) ?? false;
        var activation = reader.Whole(MetadataKeys.ActivationQueueLength, 0, 1_000_000) ?? 0;
        var options = PolicyOptionsReader.Read(reader, pollSeconds, fastLane, activation);
        var (low, high) = Bounds(reader);
        var deployment = reader.Text(MetadataKeys.Deployment);
        if (deployment is not null && !ObjectName().IsMatch(deployment))
            errors.Add($"deployment is '{MetadataReader.Shorten(deployment)}'; the name of a Deployment is needed.");
        // The raise belongs to the ScaledObject's own target; another Deployment may be looked at, not scaled.
        if (fastLane && deployment is not null)
            errors.Add("fastLane is true and deployment is given; leave out deployment (the fast lane raises the ScaledObject's own target) or fastLane.");
        var upstream = Upstream(reader, queue);

        if (errors.Count > 0)
            throw new TriggerException(errors);
        return new TriggerSettings
        {
            Queue = queue!,
            Policy = PolicyFactory.Create(options!),
            PollSeconds = pollSeconds,
            ActivationQueueLength = activation,
            FastLane = fastLane,
            Deployment = deployment,
            MinReplicas = low,
            MaxReplicas = high,
            Upstream = upstream,
        };
    }

    /// <summary>Whether Kubernetes could have an object of that name.</summary>
    public static bool IsObjectName(string name) => ObjectName().IsMatch(name);

    private static void Unknown(IReadOnlyDictionary<string, string> metadata, List<string> errors)
    {
        foreach (var key in metadata.Keys.Order(StringComparer.Ordinal))
        {
            if (MetadataKeys.Own.Contains(key) || MetadataKeys.OfKeda.Contains(key))
                continue;
            var shown = MetadataReader.Shorten(key);
            errors.Add($"{shown} is not a known key; did you mean {NearestName.Of(shown, MetadataKeys.Own)}?");
        }
    }

    private static (int? Low, int? High) Bounds(MetadataReader reader)
    {
        var low = reader.Whole(MetadataKeys.MinReplicas, 0, 100_000);
        var high = reader.Whole(MetadataKeys.MaxReplicas, 1, 100_000);
        if (low > high)
            reader.Errors.Add($"minReplicas is {low} and maxReplicas is {high}; the former must not be above the latter.");
        return (low, high);
    }

    private static string[] Upstream(MetadataReader reader, string? queue)
    {
        var names = reader.Text(MetadataKeys.Upstream)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        names = [.. names.Distinct()];
        if (names.Length > MostUpstream)
            reader.Errors.Add($"upstream names {names.Length} queues; at most {MostUpstream} are read.");
        foreach (var name in names)
        {
            if (!QueueName().IsMatch(name))
                reader.Errors.Add($"upstream names '{MetadataReader.Shorten(name)}'; a queue's name is 1 to 63 of a-z, 0-9, '-' and '.'.");
            else if (name == queue)
                reader.Errors.Add($"upstream names '{name}', the queue itself; name the queues of functions that feed it.");
        }
        return names;
    }

    [GeneratedRegex(@"^[a-z0-9.\-]{1,63}\z")]
    private static partial Regex QueueName();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.\-]{0,251}[a-z0-9])?\z")]
    private static partial Regex ObjectName();
}
