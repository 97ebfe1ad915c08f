namespace Keda.Inference.Ingress.Submission;

/// <summary>A picture in the buffer in which it arrived.</summary>
internal sealed class Picture(PooledBody body, Range range, string contentType, string? callback) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes => body.Slice(range);

    public string ContentType { get; } = contentType;

    /// <summary>A callback address that the body named.</summary>
    public string? Callback { get; } = callback;

    /// <summary>See <see cref="PooledBody.Abandon"/>.</summary>
    public void Abandon() => body.Abandon();

    public void Dispose() => body.Dispose();
}
