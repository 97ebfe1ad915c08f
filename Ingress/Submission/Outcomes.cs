using Keda.Inference.Ingress.Problems;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Submission;

/// <summary>What the end of a job means to a caller.</summary>
internal static class Outcomes
{
    /// <summary>The answer, or the documented error.</summary>
    public static InferenceResult ResultOrThrow(JobOutcome outcome, string? request = null)
    {
        if (outcome.State == JobState.Succeeded)
            return InferenceResult.FromPayload(outcome.Payload.Span);
        var message = outcome.Error?.Message ?? $"The job ended as {outcome.State}.";
        throw new ProblemException(KindOf(outcome.State), message)
        {
            Code = outcome.Error?.Code,
            Request = request,
        };
    }

    public static ProblemKind KindOf(JobState state) => state switch
    {
        JobState.Rejected => ProblemKind.UnusableInput,
        JobState.Failed => ProblemKind.InferenceFailed,
        JobState.Expired => ProblemKind.DeadlineExceeded,
        JobState.Cancelled => ProblemKind.Cancelled,
        JobState.Unknown => ProblemKind.UnknownRequest,
        _ => ProblemKind.InternalError,
    };
}
