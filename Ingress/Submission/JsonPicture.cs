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

        catch (InvalidOperationException)
        {
            throw new ProblemException(ProblemKind.BadRequest, "The body is no JSON: a string in it is not Unicode.");
        }

        if (text is not { } range)
            throw new ProblemException(ProblemKind.MissingImage, "The JSON body has no member 'image' with a picture in base64.");
        return (Base64Text.DecodeInPlace(body, range, "image"), callback);
    }

    private static ProblemException NotText(string member) => new(ProblemKind.BadRequest, $"The member '{member}' must be a string.");
}
