namespace Keda.Inference.WorkQueue;

/// <summary>What a submission must be, so that its fields fit keys and messages.</summary>
internal static class SubmissionRules
{
    public static void Check(JobSubmission submission)
    {
        Require(IsId(submission.Id), "Id", "1 to 64 of A-Z, a-z, 0-9, '-' and '_'");
        Require(!submission.Body.IsEmpty, "Body", "not empty");
        Require(submission.ContentType.Length is > 0 and <= 255, "ContentType", "1 to 255 characters");
        Require(submission.Timeout > TimeSpan.Zero, "Timeout", "greater than zero");
        Require(submission.IdempotencyKey is null or { Length: > 0 and <= 300 }, "IdempotencyKey", "1 to 300 characters");
        Require(submission.RequestId is null or { Length: <= 300 }, "RequestId", "at most 300 characters");
        Require(submission.Callback is null or { Length: <= 2048 }, "Callback", "at most 2048 characters");
    }

    public static bool IsId(string id) =>
        id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static void Require(bool holds, string field, string rule)
    {
        if (!holds)
            throw new ArgumentException($"{field} must be {rule}.");
    }
}
