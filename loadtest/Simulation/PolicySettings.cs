using System.Globalization;
using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>Settings of single policies from <c>--set policy.KEY=VALUE</c>, with the keys of the trigger's metadata.</summary>
internal sealed class PolicySettings
{
    private static readonly Dictionary<string, string[]> Keys = new()
    {
        [QueueProportionalOptions.Policy] = ["targetQueueLength", "cooldownSeconds", "pollSeconds", "requireReady", "activationQueueLength", "fastLane"],
        [QueueDepthOptions.Policy] = ["targetQueueLength", "activationQueueLength", "fastLane"],
        [SloOptions.Policy] = ["targetLatencyMs", "startupSeconds", "fastLane", "activationQueueLength"],
    };

    private readonly List<(string Policy, string Key, string Value)> _entries;

    private PolicySettings(List<(string, string, string)> entries) => _entries = entries;

    /// <summary>No settings.</summary>
    public static PolicySettings None { get; } = new([]);

    /// <summary>Reads the option's values.</summary>
    /// <exception cref="UsageException">Lists everything that is wrong.</exception>
    public static PolicySettings Parse(IEnumerable<string> texts)
    {
        List<string> errors = [];
        List<(string, string, string)> entries = [];
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=');
            var dot = text.IndexOf('.');
            if (dot < 1 || equals < dot + 2)
                errors.Add($"--set: '{text}' is not POLICY.KEY=VALUE, such as queue-proportional.targetQueueLength=20.");
            else if (!Keys.TryGetValue(text[..dot], out var keys))
                errors.Add($"--set: '{text[..dot]}' has no settings; those with some are {string.Join(", ", Keys.Keys)}.");
            else if (!keys.Contains(text[(dot + 1)..equals], StringComparer.Ordinal))
                errors.Add($"--set: '{text[(dot + 1)..equals]}' is no setting of {text[..dot]}; there are {string.Join(", ", keys)}.");
            else
                entries.Add((text[..dot], text[(dot + 1)..equals], text[(equals + 1)..]));
        }
        return errors.Count > 0 ? throw new UsageException(errors) : new PolicySettings(entries);
    }

    /// <summary>Whether the command line gives that setting, be it the default's own value.</summary>
    public bool IsSet(string policy, string key) => _entries.Exists(entry => entry.Policy == policy && entry.Key == key);

    /// <summary>A policy's options with its settings, checked, and whether it has the fast lane.</summary>
    public (PolicyOptions Options, bool FastLane) Apply(string policy, PolicyOptions options, bool fastLane)
    {
        foreach (var (_, key, value) in _entries.Where(entry => entry.Policy == policy))
        {
            if (key == "fastLane")
                fastLane = Flag(key, value);
            else
                options = With(options, key, value);
        }
        options = options switch
        {
            SloOptions slo => slo with { FastLane = fastLane },
            QueueDepthOptions depth => depth with { FastLane = fastLane },
            _ => options,
        };
        var errors = options.Errors().ToList();
        return errors.Count > 0 ? throw new UsageException([.. errors.Select(error => $"--set: {policy}: {error}")]) : (options, fastLane);
    }

    private static PolicyOptions With(PolicyOptions options, string key, string value) => (options, key) switch
    {
        (_, "activationQueueLength") => options with { ActivationQueueLength = Whole(key, value) },
        (QueueProportionalOptions it, "targetQueueLength") => it with { TargetQueueLength = Whole(key, value) },
        (QueueProportionalOptions it, "cooldownSeconds") => it with { Cooldown = Seconds(key, value) },
        (QueueProportionalOptions it, "pollSeconds") => it with { Poll = Seconds(key, value) },
        (QueueProportionalOptions it, "requireReady") => it with { RequireReady = Flag(key, value) },
        (QueueDepthOptions it, "targetQueueLength") => it with { TargetQueueLength = Whole(key, value) },
        (SloOptions it, "targetLatencyMs") => it with { TargetLatency = Seconds(key, value) / 1000 },
        (SloOptions it, "startupSeconds") => it with { Startup = Seconds(key, value) },
        _ => throw new InvalidOperationException($"{key} is listed but not read."),
    };

    private static int Whole(string key, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number : throw new UsageException($"--set: {key} is '{value}'; it must be a whole number.");

    private static TimeSpan Seconds(string key, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= 1e8
            ? TimeSpan.FromSeconds(number) : throw new UsageException($"--set: {key} is '{value}'; it must be a number.");

    private static bool Flag(string key, string value) =>
        bool.TryParse(value, out var flag) ? flag : throw new UsageException($"--set: {key} is '{value}'; it must be true or false.");
}
