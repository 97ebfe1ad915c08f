using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Keda.Inference.LoadTest.Pictures;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>How a picture travels.</summary>
internal enum BodyForm
{
    /// <summary>multipart/form-data, field <c>image</c>, as browsers and the report's load tester send it.</summary>
    Multipart,

    /// <summary>The picture itself as the body.</summary>
    Raw,
}

/// <summary>A request body built once and sent many times, so that sending costs the generator next to nothing.</summary>
internal sealed class PreparedBody
{
    private const string Boundary = "----keda-inference-loadtest-4f1d9c";

    private readonly byte[] _bytes;
    private readonly MediaTypeHeaderValue _contentType;

    private PreparedBody(byte[] bytes, MediaTypeHeaderValue contentType) => (_bytes, _contentType) = (bytes, contentType);

    public int Length => _bytes.Length;

    public static PreparedBody Create(Picture picture, BodyForm form)
    {
        if (form == BodyForm.Raw)
            return new PreparedBody(picture.Bytes, new MediaTypeHeaderValue(picture.ContentType));
        var fileName = picture.Name.Replace("\"", "%22", StringComparison.Ordinal);
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{fileName}\"\r\nContent-Type: {picture.ContentType}\r\n\r\n"),
            .. picture.Bytes,
            .. Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n"),
        ];
        return new PreparedBody(bytes, MediaTypeHeaderValue.Parse($"multipart/form-data; boundary=\"{Boundary}\""));
    }

    public HttpContent ToContent() => new Content(this);

    private sealed class Content : HttpContent
    {
        private readonly byte[] _bytes;

        public Content(PreparedBody body)
        {
            _bytes = body._bytes;
            Headers.ContentType = body._contentType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            stream.WriteAsync(_bytes).AsTask();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            stream.WriteAsync(_bytes, cancellationToken).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
