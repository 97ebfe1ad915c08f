using StackExchange.Redis;

namespace Keda.Inference.WorkQueue;

internal sealed partial class RedisWorkQueue
{
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

    private async Task<string> EndAsync(
        ClaimedJob job, string state, RedisValue a, string b, TimeSpan busy, CancellationToken cancellation)
    {
        var done = await _scripts.ControlAsync(
            LuaScript.End, cancellation, job.Id, job.Token, state, a, OneLine(b), (long)busy.TotalMicroseconds, job.WorkerId,
            Options.MaxAttempts, DeadLetterMs).ConfigureAwait(false);
        return done.Text();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
