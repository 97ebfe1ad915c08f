using Microsoft.Extensions.Time.Testing;

namespace Keda.Inference.WorkQueue.Tests.Replies;

public sealed class ReplyInboxTests(Store store) : QueueTest(store)
{
    private static readonly JobOutcome s_unknown = new(JobState.Unknown, default, null, 0);

    [Fact]
    public async Task Ask_JobOnItsWayToTheStore_IsNotTakenForUnknown()
    {
        var time = new FakeTimeProvider();
        await using var connections = new RedisConnections(await Store.OptionsAsync(StoreKind.Embedded));
        await using var inbox = new ReplyInbox(connections, time);
        await inbox.OpenAsync();
        var asked = new SemaphoreSlim(0);
        var outcome = inbox.Expect("a", _ => Ask(), reserve: true);

        // The second question is put only after the first answer was judged.
        await AskedAsync();
        await AskedAsync();
        outcome.IsCompleted.ShouldBeFalse();

        _ = inbox.TakeReserved("a").ShouldNotBeNull();
        time.Advance(TimeSpan.FromSeconds(5));
        (await outcome.WaitAsync(Cancellation)).State.ShouldBe(JobState.Unknown);

        Task<JobOutcome?> Ask()
        {
            asked.Release();
            return Task.FromResult<JobOutcome?>(s_unknown);
        }

        async Task AskedAsync()
        {
            time.Advance(TimeSpan.FromSeconds(5));
            (await asked.WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Forget_JobNobodyWillWaitFor_IsExpectedNoMore()
    {
        var queue = (RedisWorkQueue)await OpenAsync(StoreKind.Embedded);
        var (kept, forgotten) = (Job(), Job());
        await queue.EnqueueAsync(kept, Cancellation);
        await queue.EnqueueAsync(forgotten, Cancellation);
        queue.Expected.ShouldBe(2);

        queue.Forget(forgotten.Id);
        queue.Forget(forgotten.Id);

        queue.Expected.ShouldBe(1);
    }
}
