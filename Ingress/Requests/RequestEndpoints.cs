using Keda.Inference.Ingress.Problems;
using Keda.Inference.Ingress.Queues;
using Keda.Inference.Ingress.Submission;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Requests;

/// <summary><c>GET</c> and <c>DELETE /requests/{id}</c>.</summary>
internal sealed class RequestEndpoints(FunctionCatalogue functions, QueueWatch watch)
{
    public async Task<IResult> GetAsync(HttpContext http, string id)
    {
        var (queue, jobId) = Resolve(id);
        var status = await watch.GuardAsync(queue, () => queue.GetStatusAsync(jobId, http.RequestAborted));
        http.Response.Headers.CacheControl = "no-store";
        return status switch
        {
            { State: JobState.Waiting } => Pending(http, new(id, "waiting", status.Position)),
            { State: JobState.Running } => Pending(http, new(id, "running", null)),
            { Outcome: { } outcome } => Results.Json(
                PredictionResponse.Of(queue, jobId, Outcomes.ResultOrThrow(outcome, id), null), ResponseJson.Readable.PredictionResponse),
            { State: JobState.Unknown } => throw Unknown(id),
            _ => throw new ProblemException(Outcomes.KindOf(status.State), $"The request ended as {status.State}.") { Request = id },
        };
    }

    public async Task<IResult> DeleteAsync(HttpContext http, string id)
    {
        var (queue, jobId) = Resolve(id);
        return await watch.GuardAsync(queue, () => queue.CancelAsync(jobId, http.RequestAborted)) switch
        {
            JobState.Waiting or JobState.Running or JobState.Cancelled => Results.NoContent(),
            JobState.Unknown => throw Unknown(id),
            var ended => throw new ProblemException(ProblemKind.AlreadyEnded, $"The request has ended as {ended}.") { Request = id },
        };
    }

    /// <summary>202: not ended yet.</summary>
    public static IResult Pending(HttpContext http, PendingResponse pending)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Json(pending, ResponseJson.Readable.PendingResponse, statusCode: StatusCodes.Status202Accepted);
    }

    private RequestReference Resolve(string id) => RequestReference.TryParse(id, functions) ?? throw Unknown(id);

    private static ProblemException Unknown(string id) =>
        new(ProblemKind.UnknownRequest, "It never was, or its result is no longer kept.") { Request = id.Length <= 128 ? id : null };
}
