using Keda.Inference.Ingress.Queues;

namespace Keda.Inference.Ingress.Health;

/// <summary>
/// <c>/livez</c> and <c>/readyz</c>. A Redis that went away later does not make this replica unready: all replicas would be at once, and
/// callers would find nobody instead of a 503 that says when to come back.
/// </summary>
internal sealed class HealthEndpoints(DrainState drain, QueueWatch watch)
{
    public bool IsReady => !drain.IsDraining && watch.WasEverAvailable;

    public static IResult Live() => Results.Text("live\n");

    public IResult Ready() => (drain.IsDraining, watch.WasEverAvailable) switch
    {
        (true, _) => Results.Text("draining\n", statusCode: StatusCodes.Status503ServiceUnavailable),
        (_, false) => Results.Text("Redis has not answered yet\n", statusCode: StatusCodes.Status503ServiceUnavailable),
        _ => Results.Text(watch.IsAvailable ? "ready\n" : "ready (Redis is away)\n"),
    };
}
