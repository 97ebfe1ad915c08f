using System.Buffers.Text;
using System.Text.Json;
using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Submission;

/// <summary>Reads <c>{"image": "&lt;base64&gt;", "callback": "https://…"}</c>; the picture is decoded in place.</summary>
internal static class JsonPicture
{
    public static (Range Picture, string? Callback) Decode(Span<byte> body)
    {
        Range? text = null;
        string? callback = null;
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new ProblemException(ProblemKind.BadRequest, "The JSON body must be an object with the member 'image'.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isImage = reader.ValueTextEquals("image"u8);
                var isCallback = reader.ValueTextEquals("callback"u8);
                reader.Read();
                if (isImage)
                    text = Base64Text.Locate(ref reader, "image");
                else if (isCallback)
                    callback = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw NotText("callback");
                else
                    reader.Skip();
            }

            // What follows the object is an error too.
            while (reader.Read())
            {
            }
        }
        catch (JsonException exception)
        {
            throw new ProblemException(
                ProblemKind.BadRequest,
                $"The body is no JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} is unexpected.");
        }

        if (text is not { } range)
            throw new ProblemException(ProblemKind.MissingImage, "The JSON body has no member 'image' with a picture in base64.");
        return (Base64Text.DecodeInPlace(body, range, "image"), callback);
    }

    private static ProblemException NotText(string member) => new(ProblemKind.BadRequest, $"The member '{member}' must be a string.");
}

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

        // JSON may write every '/' as '\/'; nothing else in base64 can be escaped sensibly.
        if (span.Contains((byte)'\\'))
            span = span[..RemoveBackslashes(span)];
        if (span.IsEmpty)
            throw new ProblemException(ProblemKind.EmptyBody, $"'{member}' is empty.");
        return Base64.DecodeFromUtf8InPlace(span, out var written) == System.Buffers.OperationStatus.Done
            ? start..(start + written)
            : throw NotBase64(member);
    }

    private static int RemoveBackslashes(Span<byte> span)
    {
        var length = 0;
        foreach (var b in span)
        {
            if (b != (byte)'\\')
                span[length++] = b;
        }

        return length;
    }

    private static ProblemException NotBase64(string member) =>
        new(ProblemKind.BadRequest, $"'{member}' is not valid base64 (RFC 4648, with padding).");
}
