using System.Collections.Concurrent;

namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>
/// KEDA sends the same metadata at every call, so it is parsed once and compared afterwards. What was refused is not kept. Bounded: whoever
/// can call could otherwise fill the memory.
/// </summary>
internal sealed class TriggerCache
{
    private const int Most = 20_000;
    private readonly ConcurrentDictionary<(string Namespace, string Name, string? Queue), Entry> _entries = new();

    /// <summary>The settings of a ScaledObject's trigger.</summary>
    /// <exception cref="TriggerException">Something is wrong with it.</exception>
    public TriggerSettings Of(string @namespace, string name, IDictionary<string, string> metadata)
    {
        metadata.TryGetValue(MetadataKeys.Queue, out var queue);
        var key = (@namespace, name, queue);
        if (_entries.TryGetValue(key, out var entry) && Same(entry.Metadata, metadata))
            return entry.Settings;
        var copy = new Dictionary<string, string>(metadata, StringComparer.Ordinal);
        var settings = TriggerParser.Parse(copy);
        if (_entries.Count >= Most)
            _entries.Clear();
        _entries[key] = new Entry(copy, settings);
        return settings;
    }

    private static bool Same(Dictionary<string, string> known, IDictionary<string, string> asked)
    {
        if (known.Count != asked.Count)
            return false;
        foreach (var (key, value) in known)
        {
            if (!asked.TryGetValue(key, out var other) || !string.Equals(value, other, StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    private sealed record Entry(Dictionary<string, string> Metadata, TriggerSettings Settings);
}
