using System.Buffers.Text;
using System.Text.Json;
using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Submission;

/// <summary>Base64 inside a JSON buffer, decoded where it stands.</summary>
internal static class Base64Text
{
    /// <summary>Where the string's text is; a <c>data:</c> address keeps its prefix until it is decoded.</summary>
    public static Range Locate(ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new ProblemException(ProblemKind.BadRequest, $"'{member}' must be a string of base64.");
        var start = checked((int)reader.TokenStartIndex) + 1;
        return start..(start + reader.ValueSpan.Length);
    }

    public static Range DecodeInPlace(Span<byte> buffer, Range text, string member)
    {
        var (start, length) = text.GetOffsetAndLength(buffer.Length);
        var span = buffer.Slice(start, length);
        if (span.StartsWith("data:"u8))
        {
            var prefix = span.IndexOf(";base64,"u8);
            if (prefix < 0)
                throw NotBase64(member);
            start += prefix + 8;
            span = span[(prefix + 8)..];
        }

        // Some writers escape '/' as '\/' and '+' as '\u002B'.
        if (span.Contains((byte)'\\'))
            span = span[..Unescape(span)];
        if (span.IsEmpty)
            throw new ProblemException(ProblemKind.EmptyBody, $"'{member}' is empty.");
        return Base64.DecodeFromUtf8InPlace(span, out var written) == System.Buffers.OperationStatus.Done
            ? start..(start + written)
            : throw NotBase64(member);
    }

    /// <summary>Base64 is ASCII, so that unescaping only ever shortens; anything else stays wrong and fails to decode.</summary>
    private static int Unescape(Span<byte> span)
    {
        var length = 0;
        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] == (byte)'\\' && i + 1 < span.Length)
            {
                i++;
                if (span[i] == (byte)'u' && i + 4 < span.Length
                    && Utf8Parser.TryParse(span.Slice(i + 1, 4), out ushort code, out var digits, 'x') && digits == 4 && code < 128)
                {
                    span[i += 4] = (byte)code;
                }
            }

            span[length++] = span[i];
        }

        return length;
    }

    private static ProblemException NotBase64(string member) =>
        new(ProblemKind.BadRequest, $"'{member}' is not valid base64 (RFC 4648, with padding).");
}
