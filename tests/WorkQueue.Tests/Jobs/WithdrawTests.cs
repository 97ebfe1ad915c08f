namespace Keda.Inference.WorkQueue.Tests.Jobs;

public sealed class WithdrawTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Cancel_WaitingJob_LeavesTheList(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);

        (await queue.CancelAsync(job.Id, Cancellation)).ShouldBe(JobState.Waiting);

        (await queue.WaitAsync(job.Id, Cancellation)).State.ShouldBe(JobState.Cancelled);
        (await queue.ClaimAsync("worker-1", 1, Cancellation)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Cancel_RunningJob_DropsItsAnswer(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);
        var claimed = await ClaimOneAsync(queue);

        (await queue.CancelAsync(job.Id, Cancellation)).ShouldBe(JobState.Running);

        (await queue.CompleteAsync(claimed, Bytes("late"), TimeSpan.Zero, Cancellation)).ShouldBeFalse();
        (await queue.GetStatusAsync(job.Id, Cancellation)).State.ShouldBe(JobState.Cancelled);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Cancel_EndedJob_ChangesNothing(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);
        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("done"), TimeSpan.Zero, Cancellation);

        (await queue.CancelAsync(job.Id, Cancellation)).ShouldBe(JobState.Succeeded);
        (await queue.GetStatusAsync(job.Id, Cancellation)).State.ShouldBe(JobState.Succeeded);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_JobPastItsDeadline_IsAnsweredAndNeverComputed(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var late = Job("late", timeoutSeconds: 0.05);
        await queue.EnqueueAsync(late, Cancellation);
        var waiting = queue.WaitAsync(late.Id, Cancellation);
        await EventuallyAsync(
            async () => (await queue.GetSignalsAsync(Cancellation)).OldestWaitingAge > TimeSpan.FromMilliseconds(60), "the deadline");
        await queue.EnqueueAsync(Job("in time"), Cancellation);

        Text((await ClaimOneAsync(queue)).Body).ShouldBe("in time");

        var outcome = await waiting;
        outcome.State.ShouldBe(JobState.Expired);
        outcome.Error!.Code.ShouldBe("deadline-exceeded");
        (await queue.GetSignalsAsync(Cancellation)).Expirations.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Sweep_NoWorkerLives_AnswersJobsPastTheirDeadline(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var late = Job(timeoutSeconds: 0.05);
        await queue.EnqueueAsync(late, Cancellation);

        await EventuallyAsync(async () => await queue.SweepAsync(Cancellation) == 1, "the sweep");

        (await queue.WaitAsync(late.Id, Cancellation)).State.ShouldBe(JobState.Expired);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Sweep_ShortDeadlineFarBehindALongOne_IsAnsweredInItsTurn(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        for (var i = 0; i < 200; i++)
            await queue.EnqueueAsync(Job(expectReply: false), Cancellation);
        var late = Job(timeoutSeconds: 0.05);
        await queue.EnqueueAsync(late, Cancellation);
        var waiting = queue.WaitAsync(late.Id, Cancellation);

        await EventuallyAsync(async () => await queue.SweepAsync(Cancellation) == 1, "the sweep");

        (await waiting).State.ShouldBe(JobState.Expired);
        (await queue.GetSignalsAsync(Cancellation)).Waiting.ShouldBe(200);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Status_WaitingPastItsDeadline_IsExpired(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.EnqueueAsync(Job(), Cancellation);
        var late = Job(timeoutSeconds: 0.05, expectReply: false);
        await queue.EnqueueAsync(late, Cancellation);

        await EventuallyAsync(async () => (await queue.GetStatusAsync(late.Id, Cancellation)).State == JobState.Expired, "the deadline");

        (await queue.GetSignalsAsync(Cancellation)).Waiting.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Expire_BeforeTheDeadline_ChangesNothing(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);

        (await queue.ExpireAsync(job.Id, Cancellation)).ShouldBe(JobState.Waiting);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Status_WaitingJobs_TellTheirPositions(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var first = Job();
        var second = Job();
        await queue.EnqueueAsync(first, Cancellation);
        await queue.EnqueueAsync(second, Cancellation);

        (await queue.GetStatusAsync(second.Id, Cancellation)).Position.ShouldBe(1);
        await ClaimOneAsync(queue);
        (await queue.GetStatusAsync(second.Id, Cancellation)).Position.ShouldBe(0);
        (await queue.GetStatusAsync(first.Id, Cancellation)).State.ShouldBe(JobState.Running);
    }
}
