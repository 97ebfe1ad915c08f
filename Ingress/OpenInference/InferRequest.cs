using Keda.Inference.Ingress.Submission;

namespace Keda.Inference.Ingress.OpenInference;

/// <summary>An inference request, its items in the buffers in which they arrived.</summary>
internal sealed class InferRequest(PooledBody body, PooledBody? converted) : IDisposable
{
    public const string PictureInput = "image";
    public const string TensorInput = "input";
    public static readonly IReadOnlyList<long> ItemShape = [3, 224, 224];
    public const int ItemBytes = 3 * 224 * 224 * sizeof(float);

    /// <summary>The caller's id for it, echoed; or null.</summary>
    public string? Id { get; init; }

    public required IReadOnlyList<InferItem> Items { get; init; }

    public required IReadOnlyList<RequestedOutput> Outputs { get; init; }

    public bool WantsScores => Outputs.Any(output => output.Name == OutputNames.Scores);

    public ReadOnlyMemory<byte> BytesOf(InferItem item) => (item.Converted ? converted! : body).Slice(item.Range);

    /// <summary>See <see cref="PooledBody.Abandon"/>.</summary>
    public void Abandon()
    {
        body.Abandon();
        converted?.Abandon();
    }

    public void Dispose()
    {
        body.Dispose();
        converted?.Dispose();
    }
}

/// <summary>One item of the batch: a job.</summary>
/// <param name="Range">Where its bytes are.</param>
/// <param name="Converted">Whether they were converted from JSON numbers.</param>
/// <param name="ContentType">What they are.</param>
internal readonly record struct InferItem(Range Range, bool Converted, string ContentType);

/// <summary>An output that was asked for.</summary>
internal readonly record struct RequestedOutput(string Name, bool Binary);
