using System.Text;
using Keda.Inference.Ingress.Problems;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Keda.Inference.Ingress.Submission;

/// <summary>Takes the picture out of a request: a form field, the body itself, or base64 in JSON.</summary>
internal sealed class PictureReader(BodyReader bodies)
{
    public const string Forms = "multipart/form-data with the field 'image', image/*, or application/json with the member 'image'";

    public async ValueTask<Picture> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength == 0 || http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            throw new ProblemException(ProblemKind.EmptyBody, $"Send a picture: {Forms}.");
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type))
            throw Unsupported(http.Request.ContentType is null ? "Content-Type is missing" : "Content-Type cannot be read");
        var media = type.MediaType.ToString().ToLowerInvariant();
        return media switch
        {
            "multipart/form-data" => await ReadFormAsync(http, type),
            "application/json" => await ReadJsonAsync(http),
            "application/octet-stream" => await ReadRawAsync(http),
            _ when media.StartsWith("image/", StringComparison.Ordinal) => await ReadRawAsync(http),
            _ => throw Unsupported($"Content-Type {Shorten(media)} is not supported"),
        };
    }

    private async ValueTask<Picture> ReadRawAsync(HttpContext http)
    {
        var body = await bodies.ReadAsync(http, PictureSniffer.LookEarly);
        return Check(body, .., null);
    }

    private async ValueTask<Picture> ReadFormAsync(HttpContext http, MediaTypeHeaderValue type)
    {
        var form = MultipartForm.Of(type);
        var body = await bodies.ReadAsync(http, form.LookEarly);
        return Guard(body, () =>
        {
            var fields = form.Fields(body.Span);
            if (!fields.TryGetValue(MultipartForm.PictureField, out var range))
            {
                throw new ProblemException(
                    ProblemKind.MissingImage, $"The form has no field '{MultipartForm.PictureField}' ({fields.Count} other fields).");
            }

            if (range.End.Value == range.Start.Value)
                throw new ProblemException(ProblemKind.EmptyBody, $"The form's field '{MultipartForm.PictureField}' is empty.");
            var callback = fields.TryGetValue("callback", out var address) ? Encoding.UTF8.GetString(body.Span[address]) : null;
            return Check(body, range, callback);
        });
    }

    private async ValueTask<Picture> ReadJsonAsync(HttpContext http)
    {
        var body = await bodies.ReadAsync(http, null);
        return Guard(body, () =>
        {
            var (range, callback) = JsonPicture.Decode(body.Span);
            return Check(body, range, callback);
        });
    }

    private static Picture Check(PooledBody body, Range range, string? callback) =>
        Guard(body, () => new Picture(body, range, PictureSniffer.SniffOrThrow(body.Span[range]), callback));

    private static Picture Guard(PooledBody body, Func<Picture> read)
    {
        try
        {
            return read();
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static string Shorten(string value) => value.Length <= 100 ? value : value[..100] + "…";

    private static ProblemException Unsupported(string why) => new(ProblemKind.UnsupportedMediaType, $"{why}; send {Forms}.");
}
