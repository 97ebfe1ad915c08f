namespace Keda.Inference.WorkQueue.Tests.Leases;

public sealed class LeaseTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Lease_Expired_GoesToAnotherWorkerAndTheFirstIsStale(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.LeaseSeconds = 0.1);
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);
        var lost = await ClaimOneAsync(queue, "worker-1");
        ClaimedJob? taken = null;
        await EventuallyAsync(
            async () => (taken = (await queue.ClaimAsync("worker-2", 1, Cancellation)).SingleOrDefault()) is not null, "the reclaim");

        taken!.Id.ShouldBe(job.Id);
        taken.Attempt.ShouldBe(2);
        (await queue.CompleteAsync(lost, Bytes("stale"), TimeSpan.Zero, Cancellation)).ShouldBeFalse();
        (await queue.FailAsync(lost, new JobError("x", "x"), TimeSpan.Zero, Cancellation)).ShouldBe(FailureDisposition.Stale);
        (await queue.CompleteAsync(taken, Bytes("right"), TimeSpan.Zero, Cancellation)).ShouldBeTrue();
        Text((await queue.WaitAsync(job.Id, Cancellation)).Payload).ShouldBe("right");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task LeaseKeeper_WorkLongerThanTheLease_KeepsIt(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.LeaseSeconds = 3);
        await queue.EnqueueAsync(Job(), Cancellation);
        await using var keeper = new LeaseKeeper(queue, TimeProvider.System);
        var job = await ClaimOneAsync(queue);
        var lost = keeper.Hold(job);
        await Task.Delay(4000, Cancellation); // what is tested is time itself

        (await queue.ClaimAsync("worker-2", 1, Cancellation)).ShouldBeEmpty();
        lost.IsCancellationRequested.ShouldBeFalse();
        (await queue.CompleteAsync(job, Bytes("x"), TimeSpan.Zero, Cancellation)).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task LeaseKeeper_JobCancelled_SaysThatTheLeaseIsLost(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.LeaseSeconds = 0.3);
        var submitted = Job();
        await queue.EnqueueAsync(submitted, Cancellation);
        await using var keeper = new LeaseKeeper(queue, TimeProvider.System);
        var job = await ClaimOneAsync(queue);
        var lost = keeper.Hold(job);
        await queue.CancelAsync(submitted.Id, Cancellation);

        await EventuallyAsync(() => Task.FromResult(lost.IsCancellationRequested), "the loss");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Lease_ExpiredAtTheLastAttempt_BecomesADeadLetter(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => (options.LeaseSeconds, options.MaxAttempts) = (0.1, 1));
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);
        await ClaimOneAsync(queue, "worker-7");

        await EventuallyAsync(async () => await queue.SweepAsync(Cancellation) == 1, "the sweep");

        var outcome = await queue.WaitAsync(job.Id, Cancellation);
        outcome.State.ShouldBe(JobState.Failed);
        outcome.Error.ShouldBe(new JobError("worker-lost", "Worker worker-7 stopped during attempt 1 of 1."));
        (await queue.DeadLetters.ListAsync(10, Cancellation)).ShouldHaveSingleItem().JobId.ShouldBe(job.Id);
    }
}
