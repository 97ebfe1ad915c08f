using System.Buffers.Binary;

namespace Keda.Inference.ExternalScaler.Decisions;

/// <summary>
/// What is kept in Redis between two decisions: the number that was given out, when it was last recorded, and the policy's own state, which
/// is opaque here. A state that cannot be read counts as none.
/// </summary>
internal readonly record struct StoredState(int? Desired, long RecordedAtMs, ReadOnlyMemory<byte> Policy)
{
    private const byte Format = 1;
    private const int HeaderLength = 1 + 4 + 8;

    public static StoredState Read(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        return span.Length < HeaderLength || span[0] != Format
            ? default
            : new StoredState(
                BinaryPrimitives.ReadInt32LittleEndian(span[1..]), BinaryPrimitives.ReadInt64LittleEndian(span[5..]), bytes[HeaderLength..]);
    }

    public static byte[] Write(int desired, long recordedAtMs, ReadOnlySpan<byte> policy)
    {
        var bytes = new byte[HeaderLength + policy.Length];
        bytes[0] = Format;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), desired);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(5), recordedAtMs);
        policy.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }
}
