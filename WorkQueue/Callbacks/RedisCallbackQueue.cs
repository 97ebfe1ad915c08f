namespace Keda.Inference.WorkQueue;

internal sealed class RedisCallbackQueue(QueueScripts scripts) : ICallbackQueue
{
    public async Task<IReadOnlyList<DueCallback>> TakeAsync(int max, TimeSpan lease, CancellationToken cancellation)
    {
        var due = await scripts.ControlAsync(LuaScript.Callbacks, cancellation, "take", max, (long)lease.TotalMilliseconds).ConfigureAwait(false);
        return
        [
            .. due.Items().Select(item => item.Items()).Select(f =>
            {
                var outcome = Reply.Outcome(Reply.State(f[3].Text()), (int)f[4].Number(), f[5], f[6], f[7])
                    ?? new JobOutcome(JobState.Unknown, default, new JobError("unknown", "The job has not ended."), 0);
                return new DueCallback(
                    f[0].Text(), f[1].Text(), (int)f[2].Number(), outcome, f.ElementAtOrDefault(8)?.TextOrNull(),
                    (int)(f.ElementAtOrDefault(9)?.Number() ?? 0));
            }),
        ];
    }

    public async Task ConfirmAsync(DueCallback due, CancellationToken cancellation) =>
        await scripts.ControlAsync(LuaScript.Callbacks, cancellation, "confirm", due.JobId, due.Replays).ConfigureAwait(false);

    public async Task PostponeAsync(DueCallback due, TimeSpan delay, CancellationToken cancellation) =>
        await scripts.ControlAsync(LuaScript.Callbacks, cancellation, "postpone", due.JobId, due.Replays, (long)delay.TotalMilliseconds).ConfigureAwait(false);
}
