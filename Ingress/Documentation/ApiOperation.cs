using Keda.Inference.Ingress.Problems;

namespace Keda.Inference.Ingress.Documentation;

/// <summary>What the API document says of an endpoint beyond what its signature tells.</summary>
internal sealed record ApiOperation
{
    /// <summary>The media types of the body and what each must be; empty for none.</summary>
    public IReadOnlyList<BodyForm> Bodies { get; init; } = [];

    public IReadOnlyList<ApiHeader> Headers { get; init; } = [];

    /// <summary>The errors it answers with.</summary>
    public IReadOnlyList<ProblemKind> Problems { get; init; } = [];

    /// <summary>Whether errors have the protocol's own form.</summary>
    public bool ProtocolErrors { get; init; }
}

/// <summary>A form of the body.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Members">Members of an object with what each means; empty for plain bytes.</param>
internal sealed record BodyForm(string MediaType, params (string Name, bool Binary, string Description)[] Members);

/// <summary>A request header.</summary>
internal sealed record ApiHeader(string Name, string Description);

/// <summary>The headers of submissions.</summary>
internal static class ApiHeaders
{
    public static readonly ApiHeader Timeout = new("X-Request-Timeout", "Deadline in seconds, fractions allowed; past it the answer is 504. Default 60.");
    public static readonly ApiHeader Idempotency = new("Idempotency-Key", "The same key within an hour names the same job: a repeated request gets the same answer and costs nothing.");
    public static readonly ApiHeader Prefer = new("Prefer", "respond-async answers 202 with a Location at once; respond-async, wait=5 first waits up to 5 s for the answer.");
    public static readonly ApiHeader Callback = new("X-Callback-Url", "Address to which the end is POSTed, signed as Standard Webhooks has it. Makes the answer 202.");
    public static readonly ApiHeader RequestId = new("X-Request-Id", "Echoed, logged, and carried with the job. Made here when absent.");
}
