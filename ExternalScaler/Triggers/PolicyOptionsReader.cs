using Keda.Inference.ExternalScaler.Policies;

namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>Reads the keys that belong to policies. All of them are checked, whichever policy is chosen, so that switching it is safe.</summary>
internal static class PolicyOptionsReader
{
    /// <summary>How often the fast lane evaluates, in seconds.</summary>
    public const double FastLaneSeconds = 1;

    /// <summary>
    /// A poll that comes a little early must not wait for the next one, which would halve the rate of decisions: KEDA's own timer jitters.
    /// </summary>
    private const double EarlyPoll = 0.9;

    /// <summary>The options, or null with the errors in the reader.</summary>
    public static PolicyOptions? Read(MetadataReader reader, double pollSeconds, bool fastLane, int activation)
    {
        var name = reader.Text(MetadataKeys.Policy) ?? QueueProportionalOptions.Policy;
        var target = reader.Whole(MetadataKeys.TargetQueueLength, 1, 1_000_000);
        var cooldown = reader.Number(MetadataKeys.CooldownSeconds, 0, 86_400);
        var requireReady = reader.Flag(MetadataKeys.RequireReady);
        var latency = reader.Number(MetadataKeys.TargetLatencyMs, 1, 3_600_000);
        var startup = reader.Number(MetadataKeys.StartupSeconds, 0, 3600);
        switch (PolicyFactory.DefaultOptions(name))
        {
            case QueueProportionalOptions proportional:
                return proportional with
                {
                    ActivationQueueLength = activation,
                    TargetQueueLength = target ?? proportional.TargetQueueLength,
                    Cooldown = cooldown is { } seconds ? TimeSpan.FromSeconds(seconds) : proportional.Cooldown,
                    Poll = TimeSpan.FromSeconds(EarlyPoll * (fastLane ? Math.Min(FastLaneSeconds, pollSeconds) : pollSeconds)),
                    RequireReady = requireReady ?? proportional.RequireReady,
                };
            case QueueDepthOptions depth:
                return depth with
                {
                    ActivationQueueLength = activation,
                    TargetQueueLength = target ?? depth.TargetQueueLength,
                    FastLane = fastLane,
                };
            case SloOptions slo:
                return slo with
                {
                    ActivationQueueLength = activation,
                    TargetLatency = latency is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : slo.TargetLatency,
                    Startup = startup is { } start ? TimeSpan.FromSeconds(start) : null,
                    FastLane = fastLane,
                };
            default:
                reader.Errors.Add(Unknown(name));
                return null;
        }
    }

    private static string Unknown(string name)
    {
        var shown = MetadataReader.Shorten(name);
        if (shown.StartsWith("cpu-", StringComparison.Ordinal))
            return $"policy is '{shown}'; a cpu policy is a trigger of type cpu, which never reaches this scaler. "
                + $"Valid are {string.Join(", ", PolicyFactory.Names)}.";
        return $"policy is '{shown}'; did you mean {NearestName.Of(shown, PolicyFactory.Names)}? "
            + $"Valid are {string.Join(", ", PolicyFactory.Names)}.";
    }
}
