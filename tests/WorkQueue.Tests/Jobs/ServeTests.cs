namespace Keda.Inference.WorkQueue.Tests.Jobs;

public sealed class ServeTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Job_Completed_AnswersItsCaller(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job("hello");
        (await queue.EnqueueAsync(job, Cancellation)).Kind.ShouldBe(EnqueueKind.Accepted);

        var claimed = await ClaimOneAsync(queue);
        Text(claimed.Body).ShouldBe("hello");
        claimed.ContentType.ShouldBe("image/jpeg");
        claimed.Attempt.ShouldBe(1);
        (await queue.CompleteAsync(claimed, Bytes("{\"answer\":42}\nsecond line"), TimeSpan.FromMilliseconds(40), Cancellation)).ShouldBeTrue();

        var outcome = await queue.WaitAsync(job.Id, Cancellation);
        outcome.State.ShouldBe(JobState.Succeeded);
        Text(outcome.Payload).ShouldBe("{\"answer\":42}\nsecond line");
        (await queue.GetStatusAsync(job.Id, Cancellation)).Outcome!.State.ShouldBe(JobState.Succeeded);
    }

    // Bodies up to 4 KiB come with the claim, larger ones behind it.
    [Theory]
    [InlineData(StoreKind.Embedded, 1), InlineData(StoreKind.Embedded, 4096), InlineData(StoreKind.Embedded, 4097), InlineData(StoreKind.Embedded, 200_000)]
    [InlineData(StoreKind.Redis, 1), InlineData(StoreKind.Redis, 4096), InlineData(StoreKind.Redis, 4097), InlineData(StoreKind.Redis, 200_000)]
    public async Task Job_BodyOfAnySize_ArrivesUnchanged(StoreKind kind, int bytes)
    {
        var queue = await OpenAsync(kind);
        var body = new byte[bytes];
        new Random(1).NextBytes(body);
        await queue.EnqueueAsync(Job() with { Body = body }, Cancellation);

        (await ClaimOneAsync(queue)).Body.ToArray().ShouldBe(body);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Job_CompletedByOtherProcess_AnswersItsCaller(StoreKind kind)
    {
        var ingress = await OpenAsync(kind);
        var worker = await OpenAsync(kind, name: ingress.Name);
        var job = Job();
        await ingress.EnqueueAsync(job, Cancellation);
        var waiting = ingress.WaitAsync(job.Id, Cancellation);

        await worker.CompleteAsync(await ClaimOneAsync(worker), Bytes("done"), TimeSpan.Zero, Cancellation);

        Text((await waiting).Payload).ShouldBe("done");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Wait_JobOfOtherProcess_GetsTheSameAnswer(StoreKind kind)
    {
        var first = await OpenAsync(kind);
        var second = await OpenAsync(kind, name: first.Name);
        var job = Job();
        await first.EnqueueAsync(job, Cancellation);
        var elsewhere = second.WaitAsync(job.Id, Cancellation);
        await EventuallyAsync(async () => (await second.GetStatusAsync(job.Id, Cancellation)).State == JobState.Waiting, "the job waits");

        await first.CompleteAsync(await ClaimOneAsync(first), Bytes("both"), TimeSpan.Zero, Cancellation);

        Text((await elsewhere).Payload).ShouldBe("both");
        Text((await first.WaitAsync(job.Id, Cancellation)).Payload).ShouldBe("both");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Wait_UnknownJob_EndsAtOnce(StoreKind kind)
    {
        var queue = await OpenAsync(kind);

        (await queue.WaitAsync("nobody", Cancellation)).State.ShouldBe(JobState.Unknown);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Job_Rejected_TellsItsCallerWhyAndIsNotRetried(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);

        await queue.RejectAsync(await ClaimOneAsync(queue), new JobError("undecodable-image", "It is no picture."), TimeSpan.Zero, Cancellation);

        var outcome = await queue.WaitAsync(job.Id, Cancellation);
        outcome.State.ShouldBe(JobState.Rejected);
        outcome.Error.ShouldBe(new JobError("undecodable-image", "It is no picture."));
        (await queue.ClaimAsync("worker-1", 1, Cancellation)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Job_FailedTwiceThenServed_IsAnsweredAtTheThirdAttempt(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job();
        await queue.EnqueueAsync(job, Cancellation);
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var failing = await ClaimOneAsync(queue);
            failing.Attempt.ShouldBe(attempt);
            (await queue.FailAsync(failing, new JobError("internal", "no"), TimeSpan.Zero, Cancellation)).ShouldBe(FailureDisposition.Retried);
        }

        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("at last"), TimeSpan.Zero, Cancellation);

        var outcome = await queue.WaitAsync(job.Id, Cancellation);
        outcome.State.ShouldBe(JobState.Succeeded);
        outcome.Attempts.ShouldBe(3);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Release_ClaimedJob_WaitsAgainWithItsAttemptUncounted(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.EnqueueAsync(Job(), Cancellation);

        (await queue.ReleaseAsync(await ClaimOneAsync(queue), Cancellation)).ShouldBeTrue();

        (await ClaimOneAsync(queue, "worker-2")).Attempt.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_SeveralWaiting_ReturnsThemOldestFirst(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var job = Job($"{i}");
            ids.Add(job.Id);
            await queue.EnqueueAsync(job, Cancellation);
        }

        (await queue.ClaimAsync("worker-1", 3, Cancellation)).Select(job => job.Id).ShouldBe(ids.Take(3));
        (await queue.ClaimAsync("worker-1", 3, Cancellation)).Select(job => job.Id).ShouldBe(ids.Skip(3));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task WaitForWork_JobArrivesWhileIdle_WakesLongBeforeTheIdlePoll(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.IdlePollMs = 60_000);
        await queue.WaitForWorkAsync(Cancellation); // nothing was looked at yet
        (await queue.ClaimAsync("worker-1", 1, Cancellation)).ShouldBeEmpty();
        var waiting = queue.WaitForWorkAsync(Cancellation);

        await queue.EnqueueAsync(Job(), Cancellation);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await ClaimOneAsync(queue);
    }
}
