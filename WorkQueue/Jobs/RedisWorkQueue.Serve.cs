using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

internal sealed partial class RedisWorkQueue
{
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string workerId, int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var token = Guid.NewGuid().ToString("N");
        while (true)
        {
            // Whatever is announced after this was not seen by the claim below.
            var seen = _arrivals.Generation;
            var parts = (await _scripts.BulkAsync(
                LuaScript.Claim, cancellation, workerId, token, Math.Min(max, Options.MaxDepth), (long)(Options.LeaseSeconds * 1000),
                Options.Order == ServiceOrder.AdaptiveLifo ? 1 : 0, Options.TargetLatencyMs, Options.MaxAttempts, DeadLetterMs,
                IsTimeToReclaim() ? 1 : 0).ConfigureAwait(false)).Items();
            var jobs = parts[1].Items();
            if (jobs.Length > 0)
                return Array.ConvertAll(jobs, job => Claimed(job.Items(), token, workerId));
            if (parts[0].Number() > 0)
                continue; // it only dropped; there may be more behind
            Interlocked.Exchange(ref _emptyAt, seen);
            return [];
        }
    }

    public async Task<IReadOnlyList<string>> RenewAsync(IReadOnlyCollection<ClaimedJob> jobs, CancellationToken cancellation)
    {
        if (jobs.Count == 0)
            return [];
        RedisValue[] arguments =
        [
            (long)(Options.LeaseSeconds * 1000), .. jobs.SelectMany(job => new RedisValue[] { job.Id, job.Token }),
        ];
        var lost = await _scripts.ControlAsync(LuaScript.Renew, cancellation, arguments).ConfigureAwait(false);
        return [.. lost.Items().Select(id => id.Text())];
    }

    public async Task<bool> CompleteAsync(ClaimedJob job, ReadOnlyMemory<byte> payload, TimeSpan busy, CancellationToken cancellation) =>
        await EndAsync(job, "ok", payload, "", busy, cancellation).ConfigureAwait(false) == "done";

    public async Task<bool> RejectAsync(ClaimedJob job, JobError error, TimeSpan busy, CancellationToken cancellation) =>
        await EndAsync(job, "rejected", error.Code, error.Message, busy, cancellation).ConfigureAwait(false) == "done";

    public async Task<FailureDisposition> FailAsync(ClaimedJob job, JobError error, TimeSpan busy, CancellationToken cancellation) =>
        await EndAsync(job, "retry", error.Code, error.Message, busy, cancellation).ConfigureAwait(false) switch
        {
            "done" => FailureDisposition.Retried,
            "buried" => FailureDisposition.DeadLettered,
            _ => FailureDisposition.Stale,
        };

    public async Task<bool> ReleaseAsync(ClaimedJob job, CancellationToken cancellation) =>
        await EndAsync(job, "release", "", "", TimeSpan.Zero, cancellation).ConfigureAwait(false) == "done";

    // Expired leases need not be looked for at every claim: often enough that none waits a tenth of its length, at most every 100 ms.
    private bool IsTimeToReclaim()
    {
        var now = _time.GetTimestamp();
        var last = Interlocked.Read(ref _reclaimedAt);
        return (last == 0 || _time.GetElapsedTime(last, now).TotalSeconds >= Math.Min(0.1, Options.LeaseSeconds / 10))
            && Interlocked.CompareExchange(ref _reclaimedAt, now, last) == last;
    }

    private async Task<string> EndAsync(
        ClaimedJob job, string state, RedisValue a, string b, TimeSpan busy, CancellationToken cancellation)
    {
        var done = await _scripts.ControlAsync(
            LuaScript.End, cancellation, job.Id, job.Token, state, a, OneLine(b), (long)busy.TotalMicroseconds, job.WorkerId,
            Options.MaxAttempts, DeadLetterMs).ConfigureAwait(false);
        return done.Text();
    }

    private ClaimedJob Claimed(RedisResult[] f, string token, string workerId) => new()
    {
        Id = f[0].Text(),
        Token = token,
        Attempt = (int)f[1].Number(),
        ContentType = f[2].Text(),
        QueueWait = TimeSpan.FromMilliseconds(Math.Max(0, f[3].Number())),
        Remaining = TimeSpan.FromMilliseconds(f[4].Number()),
        RequestId = f[5].TextOrNull(),
        TraceParent = f[6].TextOrNull(),
        WantScores = !f[7].IsNull,
        Body = f[8].Bytes(),
        WorkerId = workerId,
        ClaimedAt = _time.GetTimestamp(),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
