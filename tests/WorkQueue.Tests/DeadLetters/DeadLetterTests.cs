namespace Keda.Inference.WorkQueue.Tests.DeadLetters;

public sealed class DeadLetterTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Fail_LastAttempt_KeepsTheJobWithItsReason(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.MaxAttempts = 2);
        var job = Job("poison") with { RequestId = "r-1" };
        await DieAsync(queue, job);

        var outcome = await queue.WaitAsync(job.Id, Cancellation);
        outcome.State.ShouldBe(JobState.Failed);
        outcome.Error.ShouldBe(new JobError("internal", "It broke."));
        var letter = (await queue.DeadLetters.ListAsync(10, Cancellation)).ShouldHaveSingleItem();
        (letter.JobId, letter.Error.Message, letter.Attempts, letter.WorkerId, letter.ContentType, letter.RequestId)
            .ShouldBe((job.Id, "It broke.", 2, "worker-1", "image/jpeg", "r-1"));
        letter.DiedAt.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
        (await queue.GetSignalsAsync(Cancellation)).DeadLetters.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Replay_DeadLetter_IsServedWithFreshAttempts(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.MaxAttempts = 2);
        var job = Job("poison");
        await DieAsync(queue, job);

        (await queue.DeadLetters.ReplayAsync(job.Id, TimeSpan.FromSeconds(60), Cancellation)).ShouldBeTrue();

        var claimed = await ClaimOneAsync(queue);
        (claimed.Id, claimed.Attempt, Text(claimed.Body)).ShouldBe((job.Id, 1, "poison"));
        await queue.CompleteAsync(claimed, Bytes("healed"), TimeSpan.Zero, Cancellation);
        Text((await queue.GetStatusAsync(job.Id, Cancellation)).Outcome!.Payload).ShouldBe("healed");
        (await queue.DeadLetters.ListAsync(10, Cancellation)).ShouldBeEmpty();
        (await queue.DeadLetters.ReplayAsync(job.Id, TimeSpan.FromSeconds(60), Cancellation)).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Drop_DeadLetter_IsForgotten(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.MaxAttempts = 1);
        var job = Job();
        await DieAsync(queue, job);

        (await queue.DeadLetters.DropAsync(job.Id, Cancellation)).ShouldBeTrue();

        (await queue.DeadLetters.ListAsync(10, Cancellation)).ShouldBeEmpty();
        (await queue.GetStatusAsync(job.Id, Cancellation)).State.ShouldBe(JobState.Unknown);
        (await queue.DeadLetters.DropAsync(job.Id, Cancellation)).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Fail_OneLetterTooMany_GivesUpTheOldest(StoreKind kind)
    {
        const int Kept = 1000;
        var queue = await OpenAsync(kind, options => options.MaxAttempts = 1);
        var oldest = Job("oldest");
        await DieAsync(queue, oldest);
        for (var i = 0; i < Kept - 1; i++)
            await DieAsync(queue, Job());
        (await Store.HasBodyAsync(kind, queue.Name, oldest.Id)).ShouldBeTrue();

        await DieAsync(queue, Job("newest"));

        (await queue.GetSignalsAsync(Cancellation)).DeadLetters.ShouldBe(Kept);
        (await Store.HasBodyAsync(kind, queue.Name, oldest.Id)).ShouldBeFalse();
        (await queue.DeadLetters.DropAsync(oldest.Id, Cancellation)).ShouldBeFalse();
        // Who asks for it is told for a while yet.
        (await queue.GetStatusAsync(oldest.Id, Cancellation)).State.ShouldBe(JobState.Failed);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Sweep_LettersWhoseTimeIsOver_AreCountedNoLonger(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => (options.MaxAttempts, options.DeadLetterSeconds) = (1, 0.05));
        await DieAsync(queue, Job());

        await EventuallyAsync(
            async () =>
            {
                await queue.SweepAsync(Cancellation);
                return (await queue.GetSignalsAsync(Cancellation)).DeadLetters == 0;
            },
            "the count");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Replay_CallbackStillDue_TellsTheNewEndAlone(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.MaxAttempts = 1);
        var job = Job() with { Callback = "https://example.org/done" };
        await DieAsync(queue, job);
        var first = (await queue.Callbacks.TakeAsync(10, TimeSpan.Zero, Cancellation)).ShouldHaveSingleItem();
        (first.Replays, first.Outcome.State).ShouldBe((0, JobState.Failed));

        await queue.DeadLetters.ReplayAsync(job.Id, TimeSpan.FromSeconds(60), Cancellation);

        (await queue.Callbacks.TakeAsync(10, TimeSpan.Zero, Cancellation)).ShouldBeEmpty();
        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("healed"), TimeSpan.Zero, Cancellation);
        var second = (await queue.Callbacks.TakeAsync(10, TimeSpan.Zero, Cancellation)).ShouldHaveSingleItem();
        (second.Replays, second.Tries, second.Outcome.State).ShouldBe((1, 1, JobState.Succeeded));
        // The try of the first end is over only now, and confirms nothing of the second.
        await queue.Callbacks.ConfirmAsync(first, Cancellation);
        (await queue.Callbacks.TakeAsync(10, TimeSpan.Zero, Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Replay_WithoutTime_IsRefusedAndKeepsTheLetter()
    {
        var queue = await OpenAsync(StoreKind.Embedded, options => options.MaxAttempts = 1);
        var job = Job();
        await DieAsync(queue, job);

        await Should.ThrowAsync<ArgumentOutOfRangeException>(queue.DeadLetters.ReplayAsync(job.Id, TimeSpan.FromSeconds(-100), Cancellation));

        (await queue.DeadLetters.ListAsync(10, Cancellation)).ShouldHaveSingleItem().JobId.ShouldBe(job.Id);
    }

    private static async Task DieAsync(IWorkQueue queue, JobSubmission job)
    {
        await queue.EnqueueAsync(job, Cancellation);
        for (var attempt = 1; attempt <= queue.Options.MaxAttempts; attempt++)
            await queue.FailAsync(await ClaimOneAsync(queue), new JobError("internal", "It broke."), TimeSpan.Zero, Cancellation);
    }
}
