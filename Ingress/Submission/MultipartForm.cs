using System.Text;
using Keda.Inference.Ingress.Problems;
using Microsoft.Net.Http.Headers;

namespace Keda.Inference.Ingress.Submission;

/// <summary>
/// Finds the fields of a multipart/form-data body in place: the picture is a slice of the buffer it arrived in.
/// </summary>
internal sealed class MultipartForm
{
    public const string PictureField = "image";
    private const int MaxParts = 16;
    private const int MaxPartHeaderBytes = 4096;
    private const int EarlyBytes = 128 * 1024;
    private readonly byte[] _delimiter;

    private MultipartForm(byte[] delimiter) => _delimiter = delimiter;

    /// <summary>The form with the boundary that its content type names.</summary>
    public static MultipartForm Of(MediaTypeHeaderValue contentType)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary);
        if (boundary.Length is 0 or > 70 || !Ascii.IsValid(boundary))
            throw Malformed("its Content-Type names no boundary of 1 to 70 characters");
        return new(Encoding.ASCII.GetBytes($"\r\n--{boundary}"));
    }

    /// <summary>
    /// Refuses a picture field that is no picture as soon as its first bytes are there. It begins anew at each call, so it gives up where no
    /// picture begins soon; the whole form is read in the end anyway.
    /// </summary>
    public bool LookEarly(ReadOnlySpan<byte> soFar)
    {
        if (soFar.Length > EarlyBytes)
            return true;
        var position = 0;
        for (var parts = 0; parts < MaxParts && TryOpenPart(soFar, ref position, out var name) == PartStart.Found; parts++)
        {
            if (name == PictureField)
                return PictureSniffer.LookEarly(soFar[position..]);
            var end = soFar[position..].IndexOf(_delimiter);
            if (end < 0)
                return false;
            position += end;
        }

        return false;
    }

    /// <summary>The fields by name; of several with one name the first counts.</summary>
    public Dictionary<string, Range> Fields(ReadOnlySpan<byte> body)
    {
        var fields = new Dictionary<string, Range>(StringComparer.Ordinal);
        var position = 0;
        for (var parts = 0; ; parts++)
        {
            switch (TryOpenPart(body, ref position, out var name))
            {
                case PartStart.Last:
                    return fields;
                case PartStart.Incomplete:
                    throw Malformed("it ends before its closing boundary");
                case PartStart.Found when parts >= MaxParts:
                    throw Malformed($"it has more than {MaxParts} parts");
            }

            var length = body[position..].IndexOf(_delimiter);
            if (length < 0)
                throw Malformed("it ends before its closing boundary");
            if (name is not null)
                fields.TryAdd(name, position..(position + length));
            position += length;
        }
    }

    private enum PartStart
    {
        Found,
        Last,
        Incomplete,
    }

    /// <summary>From a delimiter to the first byte of the part's content.</summary>
    private PartStart TryOpenPart(ReadOnlySpan<byte> body, ref int position, out string? name)
    {
        name = null;
        // The very first delimiter stands without the line break before it.
        var first = position == 0 && body.StartsWith(_delimiter.AsSpan(2));
        var at = first ? -2 : body[position..].IndexOf(_delimiter);
        if (!first && at < 0)
            return PartStart.Incomplete;
        var rest = body[(position + at + _delimiter.Length)..];
        if (rest.StartsWith("--"u8))
            return PartStart.Last;
        var lineEnd = rest.IndexOf("\r\n"u8);
        if (lineEnd < 0)
            return PartStart.Incomplete;
        var headers = rest[lineEnd..];
        var headersEnd = headers[..Math.Min(headers.Length, MaxPartHeaderBytes)].IndexOf("\r\n\r\n"u8);
        if (headersEnd < 0)
        {
            return headers.Length >= MaxPartHeaderBytes
                ? throw Malformed($"the headers of a part have more than {MaxPartHeaderBytes} bytes")
                : PartStart.Incomplete;
        }

        name = FieldName(headers[..headersEnd]);
        position = body.Length - rest.Length + lineEnd + headersEnd + 4;
        return PartStart.Found;
    }

    private static string? FieldName(ReadOnlySpan<byte> headers)
    {
        foreach (var range in headers.Split("\r\n"u8))
        {
            var line = Encoding.UTF8.GetString(headers[range]);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && line.AsSpan(0, colon).Trim().Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase)
                && ContentDispositionHeaderValue.TryParse(line[(colon + 1)..].Trim(), out var disposition))
            {
                return HeaderUtilities.RemoveQuotes(disposition.Name).Value;
            }
        }

        return null;
    }

    private static ProblemException Malformed(string why) => new(ProblemKind.BadRequest, $"The multipart form cannot be read: {why}.");
}
