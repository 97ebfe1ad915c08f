using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

internal sealed partial class RedisWorkQueue
{
    /// <summary>
    /// Bytes up to which a body comes with the claim. Larger ones are asked for in a second round trip, because a body that passes through a
    /// script costs Redis more than that: its Lua hashes every byte of a string.
    /// </summary>
    private const int LargestInlineBody = 4096;

    private static readonly JobError s_bodyGone = new("body-lost", "The store lost the body of the job.");

    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string workerId, int max, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var token = Guid.NewGuid().ToString("N");
        while (true)
        {
            // Whatever is announced after this was not seen by the claim below.
            var seen = _arrivals.Generation;
            var (dropped, jobs) = await ClaimWithoutBodiesAsync(workerId, token, max, cancellation).ConfigureAwait(false);
            if (jobs.Length > 0 && await WithBodiesAsync(jobs, token, workerId).ConfigureAwait(false) is { Count: > 0 } claimed)
                return claimed;
            if (jobs.Length > 0 || dropped > 0)
                continue; // it only dropped; there may be more behind
            Interlocked.Exchange(ref _emptyAt, seen);
            return [];
        }
    }

    internal async Task<(long Dropped, RedisResult[] Claimed)> ClaimWithoutBodiesAsync(
        string workerId, string token, int max, CancellationToken cancellation)
    {
        var parts = (await _scripts.ControlAsync(
            LuaScript.Claim, cancellation, workerId, token, Math.Min(max, Options.MaxDepth), (long)(Options.LeaseSeconds * 1000),
            Options.Order == ServiceOrder.AdaptiveLifo ? 1 : 0, Options.TargetLatencyMs, Options.MaxAttempts, DeadLetterMs,
            IsTimeToReclaim() ? 1 : 0, LargestInlineBody).ConfigureAwait(false)).Items();
        return (parts[0].Number(), parts[1].Items());
    }

    // Not cancelled: the jobs are ours by now, and the client's own limit ends the wait.
    internal async Task<List<ClaimedJob>> WithBodiesAsync(RedisResult[] jobs, string token, string workerId)
    {
        var bodies = Array.ConvertAll(jobs, job => job[8].IsNull ? _scripts.BodyAsync(job[0].Text()) : Task.FromResult<byte[]?>(job[8].Bytes()));
        Task all = Task.WhenAll(bodies);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var claimed = new List<ClaimedJob>(jobs.Length);
        for (var i = 0; i < jobs.Length; i++)
        {
            var body = bodies[i].IsCompletedSuccessfully ? bodies[i].Result : null;
            var job = Claimed(jobs[i].Items(), body ?? [], token, workerId);
            if (!job.Body.IsEmpty)
                claimed.Add(job);
            else if (bodies[i].IsCompletedSuccessfully)
                await FailAsync(job, s_bodyGone, TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false);
            else
                await ReleaseQuietlyAsync(job).ConfigureAwait(false);
        }

        if (claimed.Count == 0)
            await all.ConfigureAwait(false);
        return claimed;
    }

    // The body did not come in time: another may be luckier at once, rather than after the lease.
    private async Task ReleaseQuietlyAsync(ClaimedJob job)
    {
        try
        {
            await ReleaseAsync(job, CancellationToken.None).ConfigureAwait(false);
        }
        catch (WorkQueueUnavailableException)
        {
            // Its lease ends by itself.
        }
    }

    // Expired leases need not be looked for at every claim: often enough that none waits a tenth of its length, at most every 100 ms.
    private bool IsTimeToReclaim()
    {
        var now = _time.GetTimestamp();
        var last = Interlocked.Read(ref _reclaimedAt);
        return (last == 0 || _time.GetElapsedTime(last, now).TotalSeconds >= Math.Min(0.1, Options.LeaseSeconds / 10))
            && Interlocked.CompareExchange(ref _reclaimedAt, now, last) == last;
    }

    private ClaimedJob Claimed(RedisResult[] f, byte[] body, string token, string workerId) => new()
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
        Body = body,
        WorkerId = workerId,
        ClaimedAt = _time.GetTimestamp(),
    };
}
