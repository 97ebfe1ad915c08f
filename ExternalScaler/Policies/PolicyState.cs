using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// Writes a policy's state as its name, a line feed and JSON. A state of another policy, or one that cannot be read, counts as none: the
/// trigger's metadata may change at any time, and a policy must be able to start afresh.
/// </summary>
internal static class PolicyState
{
    public static T? Read<T>(ReadOnlyMemory<byte> state, string policy, JsonTypeInfo<T> type) where T : class
    {
        var bytes = state.Span;
        var end = bytes.IndexOf((byte)'\n');
        if (end != policy.Length || !System.Text.Ascii.Equals(bytes[..end], policy))
            return null;
        try
        {
            return JsonSerializer.Deserialize(bytes[(end + 1)..], type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The policy that wrote a state; null for none, or for one that cannot be read.</summary>
    public static string? OwnerOf(ReadOnlyMemory<byte> state)
    {
        var end = state.Span.IndexOf((byte)'\n');
        return end < 0 ? null : PolicyFactory.Names.FirstOrDefault(name => System.Text.Ascii.Equals(state.Span[..end], name));
    }

    public static ReadOnlyMemory<byte> Write<T>(T state, string policy, JsonTypeInfo<T> type) where T : class
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(state, type);
        var bytes = new byte[policy.Length + 1 + json.Length];
        System.Text.Encoding.ASCII.GetBytes(policy, bytes);
        bytes[policy.Length] = (byte)'\n';
        json.CopyTo(bytes, policy.Length + 1);
        return bytes;
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueueProportionalState))]
[JsonSerializable(typeof(QueueDepthState))]
[JsonSerializable(typeof(SloState))]
internal sealed partial class PolicyStateJson : JsonSerializerContext;
