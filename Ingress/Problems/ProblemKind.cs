namespace Keda.Inference.Ingress.Problems;

/// <summary>
/// A documented error: its stable <c>type</c>, its status and its title. The table in Ingress/README.md says what a client should do.
/// </summary>
/// <param name="Slug">The last part of the type URI.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same for every occurrence.</param>
internal sealed record ProblemKind(string Slug, int Status, string Title)
{
    public const string TypePrefix = "urn:keda-inference:problem:";

    public string Type => TypePrefix + Slug;

    public static readonly ProblemKind BadRequest = new("bad-request", 400, "The request is malformed.");
    public static readonly ProblemKind EmptyBody = new("empty-body", 400, "The body is empty.");
    public static readonly ProblemKind MissingImage = new("missing-image", 400, "The request has no picture.");
    public static readonly ProblemKind InvalidHeader = new("invalid-header", 400, "A header has an unusable value.");
    public static readonly ProblemKind InvalidCallback = new("invalid-callback", 400, "The callback address is refused.");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "Credentials are missing or wrong.");
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is nothing at this address.");
    public static readonly ProblemKind UnknownFunction = new("unknown-function", 404, "There is no such function.");
    public static readonly ProblemKind UnknownRequest = new("unknown-request", 404, "There is no such request (any more).");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "The address does not take this method.");
    public static readonly ProblemKind BodyTooSlow = new("body-too-slow", 408, "The body came too slowly.");
    public static readonly ProblemKind AlreadyEnded = new("already-ended", 409, "The request has already ended.");
    public static readonly ProblemKind Cancelled = new("cancelled", 410, "The request was cancelled.");
    public static readonly ProblemKind BodyTooLarge = new("body-too-large", 413, "The body is too large.");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", 415, "The content type is not supported.");
    public static readonly ProblemKind NotAPicture = new("not-a-picture", 415, "The body is not a picture of a supported format.");
    public static readonly ProblemKind UnusableInput = new("unusable-input", 422, "The input cannot be used.");
    public static readonly ProblemKind IdempotencyKeyReused = new("idempotency-key-reused", 422, "The idempotency key belongs to another body.");
    public static readonly ProblemKind QueueFull = new("queue-full", 429, "The queue is full.");
    public static readonly ProblemKind RateLimited = new("rate-limited", 429, "The rate limit of this key is exceeded.");
    public static readonly ProblemKind InferenceFailed = new("inference-failed", 500, "The inference failed.");
    public static readonly ProblemKind InternalError = new("internal-error", 500, "The server failed.");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "The queue cannot be reached.");
    public static readonly ProblemKind Overloaded = new("overloaded", 503, "The server holds too many bodies at once.");
    public static readonly ProblemKind DeadlineExceeded = new("deadline-exceeded", 504, "The deadline passed before an answer came.");

    /// <summary>Every documented error, for the API document and the tests.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        BadRequest, EmptyBody, MissingImage, InvalidHeader, InvalidCallback, Unauthenticated, NotFound, UnknownFunction,
        UnknownRequest, MethodNotAllowed, BodyTooSlow, AlreadyEnded, Cancelled, BodyTooLarge, UnsupportedMediaType, NotAPicture,
        UnusableInput, IdempotencyKeyReused, QueueFull, RateLimited, InferenceFailed, InternalError, Unavailable, Overloaded, DeadlineExceeded,
    ];

    /// <summary>The kind for a status that the framework chose.</summary>
    public static ProblemKind ForStatus(int status) => status switch
    {
        401 => Unauthenticated,
        404 => NotFound,
        405 => MethodNotAllowed,
        408 => BodyTooSlow,
        413 => BodyTooLarge,
        415 => UnsupportedMediaType,
        429 => RateLimited,
        503 => Unavailable,
        >= 500 => InternalError,
        _ => BadRequest,
    };
}
