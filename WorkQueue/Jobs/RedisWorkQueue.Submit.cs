using System.Security.Cryptography;
using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

internal sealed partial class RedisWorkQueue
{
    public async Task<EnqueueOutcome> EnqueueAsync(JobSubmission submission, CancellationToken cancellation)
    {
        SubmissionRules.Check(submission);
        var id = submission.Id;
        var timeout = TimeSpan.FromSeconds(Math.Min(submission.Timeout.TotalSeconds, Options.MaxTimeoutSeconds));
        if (submission.ExpectReply)
        {
            await RedisCall.GuardAsync(OpenInboxAsync(), _scripts.Connections, cancellation).ConfigureAwait(false);
            _ = _inbox.Expect(id, AskAsync, reserve: true);
        }

        EnqueueOutcome? outcome = null;
        try
        {
            return outcome = await SendAsync(submission, timeout, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (submission.ExpectReply && outcome?.Kind != EnqueueKind.Accepted)
                _inbox.Forget(id);
        }
    }

    public async Task<JobOutcome> WaitAsync(string jobId, CancellationToken cancellation)
    {
        var reserved = _inbox.TakeReserved(jobId);
        if (reserved is null)
            await RedisCall.GuardAsync(OpenInboxAsync(), _scripts.Connections, cancellation).ConfigureAwait(false);
        var expected = reserved ?? _inbox.Expect(jobId, AskAsync, reserve: false);
        try
        {
            // Asking says at the same time that this process waits too, and how the job ended if it has.
            if (reserved is null && await AskAsync(jobId, cancellation).ConfigureAwait(false) is { } known)
                return known;
            return await expected.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _inbox.Forget(jobId);
        }
    }

    public void Forget(string jobId)
    {
        if (_inbox.TakeReserved(jobId) is not null)
            _inbox.Forget(jobId);
    }

    private async Task<EnqueueOutcome> SendAsync(JobSubmission submission, TimeSpan timeout, CancellationToken cancellation)
    {
        var kept = submission.Asynchronous || submission.IdempotencyKey is not null || submission.Callback is not null
            ? Options.KeyedResultSeconds
            : Options.ResultSeconds;
        RedisValue[] arguments =
        [
            submission.Id, submission.ContentType, (long)timeout.TotalMilliseconds, submission.ExpectReply ? _inbox.Address : "",
            (long)(kept * 1000), submission.IdempotencyKey ?? "", submission.Callback ?? "", submission.RequestId ?? "",
            submission.TraceParent ?? "", submission.WantScores ? "1" : "", Options.MaxDepth, (long)(Options.MaxEstimatedWaitSeconds * 1000),
            submission.IdempotencyKey is null ? "" : Fingerprint(submission.Body.Span),
        ];
        var bodyKey = QueueKeys.Body(_scripts.Prefix, submission.Id);
        for (var attempt = 1; ; attempt++)
        {
            var reply = (await _scripts.WithBodyAsync(
                LuaScript.Enqueue, bodyKey, submission.Body, timeout + TimeSpan.FromMinutes(1), cancellation, arguments).ConfigureAwait(false)).Items();
            var kind = reply[0].Text();
            // The connection may have broken between the body and the script.
            if (kind == "nobody" && attempt < 3)
                continue;
            return kind switch
            {
                "accepted" => new(EnqueueKind.Accepted, submission.Id, reply[2].Number(), TimeSpan.Zero),
                "duplicate" => new(EnqueueKind.Duplicate, reply[1].Text(), reply[2].Number(), TimeSpan.Zero),
                "reused" => new(EnqueueKind.KeyReused, submission.Id, 0, TimeSpan.Zero),
                "full" => new(EnqueueKind.Full, submission.Id, reply[2].Number(), TimeSpan.FromMilliseconds(reply[3].Number())),
                _ => throw new WorkQueueUnavailableException("Redis lost the body of a job while it was enqueued."),
            };
        }
    }

    // Half of it is enough to tell one caller's bodies from each other.
    private static string Fingerprint(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16));

    private async Task<JobOutcome?> AskAsync(string jobId) => await AskAsync(jobId, CancellationToken.None).ConfigureAwait(false);

    private async Task<JobOutcome?> AskAsync(string jobId, CancellationToken cancellation)
    {
        var f = (await _scripts.ControlAsync(LuaScript.Status, cancellation, jobId, _inbox.Address).ConfigureAwait(false)).Items();
        var state = Reply.State(f[0].Text());
        return state == JobState.Unknown
            ? new JobOutcome(state, default, new JobError("unknown-job", "The job is not known, or its result has expired."), 0)
            : Reply.Outcome(state, (int)f[2].Number(), f[3], f[4], f[5]);
    }

    private async Task<bool> OpenInboxAsync()
    {
        await _inbox.OpenAsync().ConfigureAwait(false);
        return true;
    }
}
