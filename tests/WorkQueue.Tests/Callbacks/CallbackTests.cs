namespace Keda.Inference.WorkQueue.Tests.Callbacks;

public sealed class CallbackTests(Store store) : QueueTest(store)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Take_EndedJobWithCallback_IsDueOnceAndGoneWhenConfirmed(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job() with { Callback = "https://example.org/done", RequestId = "r" };
        await queue.EnqueueAsync(job, Cancellation);
        (await queue.Callbacks.TakeAsync(10, Lease, Cancellation)).ShouldBeEmpty();
        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("answer"), TimeSpan.Zero, Cancellation);

        var due = (await queue.Callbacks.TakeAsync(10, Lease, Cancellation)).ShouldHaveSingleItem();
        (due.JobId, due.Address, due.Tries, due.RequestId, Text(due.Outcome.Payload)).ShouldBe((job.Id, "https://example.org/done", 1, "r", "answer"));
        (await queue.Callbacks.TakeAsync(10, Lease, Cancellation)).ShouldBeEmpty();
        await queue.Callbacks.ConfirmAsync(due, Cancellation);
        await queue.Callbacks.PostponeAsync(due, TimeSpan.Zero, Cancellation);
        (await queue.Callbacks.TakeAsync(10, Lease, Cancellation)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Take_Postponed_IsDueAgainWithOneMoreTry(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.EnqueueAsync(Job() with { Callback = "https://example.org/done" }, Cancellation);
        await queue.RejectAsync(await ClaimOneAsync(queue), new JobError("undecodable-image", "no"), TimeSpan.Zero, Cancellation);
        var first = (await queue.Callbacks.TakeAsync(10, Lease, Cancellation)).ShouldHaveSingleItem();
        await queue.Callbacks.PostponeAsync(first, TimeSpan.Zero, Cancellation);

        var second = (await queue.Callbacks.TakeAsync(10, Lease, Cancellation)).ShouldHaveSingleItem();

        second.Tries.ShouldBe(2);
        second.Outcome.Error!.Code.ShouldBe("undecodable-image");
    }
}
