using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Ingress.Problems;
using Microsoft.Extensions.Options;

namespace Keda.Inference.Ingress.Submission;

/// <summary>Looks at the bytes that have come so far; throws <see cref="ProblemException"/> when they can lead to nothing.</summary>
/// <returns>True when it needs to see no more.</returns>
internal delegate bool EarlyLook(ReadOnlySpan<byte> soFar);

/// <summary>Reads a body from the connection's pipe into one pooled array: the only copy on this side.</summary>
internal sealed class BodyReader(IOptions<IngressOptions> options, BodyBudget budget)
{
    private readonly long _limit = options.Value.MaxBodyBytes;

    public async ValueTask<PooledBody> ReadAsync(HttpContext http, EarlyLook? look)
    {
        var request = http.Request;
        if (request.ContentLength > _limit)
            throw TooLarge();
        if (request.Headers.ContentEncoding.Count > 0)
            throw new ProblemException(ProblemKind.UnsupportedMediaType, "Content-Encoding is not supported; send the body as it is.");

        var body = new PooledBody(budget);
        try
        {
            body.Expect(request.ContentLength);
            await FillAsync(http, body, look);
            if (body.Length == 0)
                throw new ProblemException(ProblemKind.EmptyBody, "Send a picture, as the body or as the form field 'image'.");
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private async ValueTask FillAsync(HttpContext http, PooledBody body, EarlyLook? look)
    {
        var pipe = http.Request.BodyReader;
        while (true)
        {
            var read = await pipe.ReadAsync(http.RequestAborted);
            if (body.Length + read.Buffer.Length > _limit)
                throw TooLarge();
            body.Append(read.Buffer);
            pipe.AdvanceTo(read.Buffer.End);
            if (look is not null && look(body.Span))
                look = null;
            if (read.IsCompleted)
                return;
        }
    }

    private ProblemException TooLarge() => new(ProblemKind.BodyTooLarge, $"The body may have at most {_limit} bytes.");
}
