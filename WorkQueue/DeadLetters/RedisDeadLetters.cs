namespace Keda.Inference.WorkQueue;

internal sealed class RedisDeadLetters(QueueScripts scripts, WorkQueueOptions options) : IDeadLetters
{
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int count, CancellationToken cancellation)
    {
        var letters = await scripts.ControlAsync(LuaScript.DeadLetters, cancellation, "list", count).ConfigureAwait(false);
        return
        [
            .. letters.Items().Select(letter => letter.Items()).Select(f => new DeadLetter(
                f[0].Text(), new JobError(f[1].Text(), f[2].Text()), (int)f[3].Number(), f[4].Text(),
                DateTimeOffset.FromUnixTimeMilliseconds(f[5].Number()), f[6].Text(), f.ElementAtOrDefault(7)?.TextOrNull())),
        ];
    }

    public async Task<bool> ReplayAsync(string jobId, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(1));
        var done = await scripts.ControlAsync(
            LuaScript.DeadLetters, cancellation, "replay", jobId, (long)timeout.TotalMilliseconds, (long)(options.KeyedResultSeconds * 1000))
            .ConfigureAwait(false);
        return done.Number() == 1;
    }

    public async Task<bool> DropAsync(string jobId, CancellationToken cancellation) =>
        (await scripts.ControlAsync(LuaScript.DeadLetters, cancellation, "drop", jobId).ConfigureAwait(false)).Number() == 1;
}
