namespace Keda.Inference.Ingress.Problems;

/// <summary>Ends a request with a documented error.</summary>
internal sealed class ProblemException(ProblemKind kind, string detail) : Exception(detail)
{
    public ProblemKind Kind { get; } = kind;

    /// <summary>When a new try makes sense; sent as <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The worker's own word for the cause.</summary>
    public string? Code { get; init; }

    /// <summary>The request's address, when it can be asked for again.</summary>
    public string? Request { get; init; }
}
