namespace Keda.Inference.WorkQueue.Tests.Replies;

/// <summary>Several callers of one process who wait for the same job.</summary>
public sealed class SharedWaitTests(Store store) : QueueTest(store)
{
    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task Wait_FirstOfTwoLeaves_SecondStillGetsTheReply(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var job = Job(key: "shared");
        await queue.EnqueueAsync(job, Cancellation);
        using var patience = new CancellationTokenSource();
        var first = queue.WaitAsync(job.Id, patience.Token);
        var again = await queue.EnqueueAsync(Job(key: "shared"), Cancellation);
        var second = queue.WaitAsync(again.JobId, Cancellation);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);

        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("answer"), TimeSpan.Zero, Cancellation);

        // Well before a long wait is asked for again, which would hide a lost reply.
        Text((await second.WaitAsync(TimeSpan.FromSeconds(4), Cancellation)).Payload).ShouldBe("answer");
    }

    [Fact]
    public async Task Wait_ForAnEndedJob_LeavesNothingBehind()
    {
        var queue = await OpenAsync(StoreKind.Embedded);
        var job = Job(expectReply: false);
        await queue.EnqueueAsync(job, Cancellation);
        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("answer"), TimeSpan.Zero, Cancellation);
        (await queue.WaitAsync(job.Id, Cancellation)).State.ShouldBe(JobState.Succeeded);
        (await queue.WaitAsync(job.Id, Cancellation)).State.ShouldBe(JobState.Succeeded);
        ((RedisWorkQueue)queue).Expected.ShouldBe(0);
    }
}
