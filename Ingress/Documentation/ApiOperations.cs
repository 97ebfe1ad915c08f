using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Documentation;

/// <summary>The endpoints' descriptions.</summary>
internal static class ApiOperations
{
    private static readonly ProblemKind[] s_access =
        [ProblemKind.Unauthenticated, ProblemKind.Unavailable, ProblemKind.InternalError];

    private static readonly ProblemKind[] s_submission =
    [
        ProblemKind.BadRequest, ProblemKind.EmptyBody, ProblemKind.InvalidHeader, ProblemKind.UnknownFunction, ProblemKind.BodyTooSlow,
        ProblemKind.Cancelled, ProblemKind.BodyTooLarge, ProblemKind.UnsupportedMediaType, ProblemKind.NotAPicture, ProblemKind.UnusableInput,
        ProblemKind.IdempotencyKeyReused, ProblemKind.QueueFull, ProblemKind.RateLimited, ProblemKind.InferenceFailed, ProblemKind.Overloaded, ProblemKind.DeadlineExceeded,
        .. s_access,
    ];

    public static ApiOperation Predict { get; } = new()
    {
        Bodies =
        [
            new("multipart/form-data", ("image", true, "The picture: JPEG, PNG, WebP, GIF or BMP."), ("callback", false, "As X-Callback-Url.")),
            new("image/*"),
            new("application/json", ("image", false, "The picture in base64, or a data: address."), ("callback", false, "As X-Callback-Url.")),
        ],
        Headers = [ApiHeaders.Timeout, ApiHeaders.Idempotency, ApiHeaders.Prefer, ApiHeaders.Callback, ApiHeaders.RequestId],
        Problems = [.. s_submission, ProblemKind.MissingImage, ProblemKind.InvalidCallback],
    };

    public static ApiOperation GetRequest { get; } = new()
    {
        Headers = [ApiHeaders.RequestId],
        Problems =
        [
            ProblemKind.InvalidHeader, ProblemKind.UnknownRequest, ProblemKind.Cancelled, ProblemKind.UnusableInput, ProblemKind.InferenceFailed,
            ProblemKind.DeadlineExceeded, .. s_access,
        ],
    };

    public static ApiOperation DeleteRequest { get; } = new()
    {
        Headers = [ApiHeaders.RequestId],
        Problems = [ProblemKind.InvalidHeader, ProblemKind.UnknownRequest, ProblemKind.AlreadyEnded, .. s_access],
    };

    public static ApiOperation Infer { get; } = new()
    {
        Bodies =
        [
            new("application/json", ("id", false, "Echoed."), ("inputs", false, "One input: BYTES [n] with pictures in base64, or FP32 [n, 3, 224, 224]."), ("outputs", false, "Any of labels, classes, probabilities, scores; all by default.")),
            new("application/octet-stream"),
        ],
        Headers = [ApiHeaders.Timeout, ApiHeaders.Idempotency, ApiHeaders.RequestId],
        Problems = s_submission,
        ProtocolErrors = true,
    };

    public static ApiOperation Protocol { get; } = new()
    {
        Problems = [ProblemKind.UnknownFunction, ProblemKind.Unavailable],
        ProtocolErrors = true,
    };
}
