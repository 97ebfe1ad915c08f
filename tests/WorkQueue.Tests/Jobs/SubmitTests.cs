using Keda.Inference.Testing;

namespace Keda.Inference.WorkQueue.Tests.Jobs;

public sealed class SubmitTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Enqueue_SameKeyWhileWaiting_IsTheSameJob(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var first = Job("one", key: "k");
        await queue.EnqueueAsync(first, Cancellation);

        var again = await queue.EnqueueAsync(Job("one", key: "k"), Cancellation);

        again.Kind.ShouldBe(EnqueueKind.Duplicate);
        again.JobId.ShouldBe(first.Id);
        (await queue.GetSignalsAsync(Cancellation)).Waiting.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Enqueue_SameKeyThroughOtherReplica_GetsTheSameAnswer(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var other = await OpenAsync(kind, name: queue.Name);
        await queue.EnqueueAsync(Job("one", key: "k"), Cancellation);
        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("answer"), TimeSpan.Zero, Cancellation);

        var again = await other.EnqueueAsync(Job("one", key: "k"), Cancellation);

        again.Kind.ShouldBe(EnqueueKind.Duplicate);
        Text((await other.WaitAsync(again.JobId, Cancellation)).Payload).ShouldBe("answer");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Enqueue_SameKeyOtherBody_IsRefusedAndLeavesTheFirst(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var first = Job("one", key: "k");
        await queue.EnqueueAsync(first, Cancellation);

        (await queue.EnqueueAsync(Job("two", key: "k"), Cancellation)).Kind.ShouldBe(EnqueueKind.KeyReused);

        Text((await ClaimOneAsync(queue)).Body).ShouldBe("one");
        (await queue.GetSignalsAsync(Cancellation)).Waiting.ShouldBe(0);
        ((RedisWorkQueue)queue).Expected.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Enqueue_SameKeyAfterCancel_IsANewJob(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var first = Job(key: "k");
        await queue.EnqueueAsync(first, Cancellation);
        await queue.CancelAsync(first.Id, Cancellation);

        (await queue.EnqueueAsync(Job(key: "k"), Cancellation)).Kind.ShouldBe(EnqueueKind.Accepted);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Enqueue_AtTheBound_IsRefusedAndLeavesNothing(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.MaxDepth = 2);
        await queue.EnqueueAsync(Job(), Cancellation);
        await queue.EnqueueAsync(Job(), Cancellation);
        var refused = Job();

        var outcome = await queue.EnqueueAsync(refused, Cancellation);

        outcome.Kind.ShouldBe(EnqueueKind.Full);
        outcome.Depth.ShouldBe(2);
        outcome.RetryAfter.ShouldBeGreaterThan(TimeSpan.Zero);
        (await queue.GetStatusAsync(refused.Id, Cancellation)).State.ShouldBe(JobState.Unknown);
        var signals = await queue.GetSignalsAsync(Cancellation);
        signals.Waiting.ShouldBe(2);
        signals.Refusals.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Enqueue_EstimatedWaitBeyondItsBound_IsRefusedWithTheDrainRate(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.MaxEstimatedWaitSeconds = 5);
        for (var i = 0; i < 11; i++)
            await queue.EnqueueAsync(Job(), Cancellation);
        await queue.CompleteAsync(await ClaimOneAsync(queue), Bytes("x"), TimeSpan.Zero, Cancellation);
        // One in ten seconds once the second of the completion is over: ten waiting are a hundred seconds.
        EnqueueOutcome? refused = null;
        await EventuallyAsync(
            async () => (refused = await queue.EnqueueAsync(Job(), Cancellation)).Kind == EnqueueKind.Full, "the refusal");

        refused!.RetryAfter.ShouldBeInRange(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Enqueue_ScriptsForgottenByTheServer_StillWorks(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.EnqueueAsync(Job(), Cancellation);
        await Store.FlushScriptsAsync(kind);

        (await queue.EnqueueAsync(Job(), Cancellation)).Kind.ShouldBe(EnqueueKind.Accepted);
        (await queue.ClaimAsync("worker-1", 2, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Enqueue_RedisAway_FailsWithinItsLimitAndComesBackByItself()
    {
        await using var redis = await RedisServer.StartOrSkipAsync();
        await using var queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = redis.ConnectionString, TimeoutMs = 1000 }, name => new WorkQueueOptions { Name = name }, TimeProvider.System);
        var queue = queues.Open("away");
        await queue.EnqueueAsync(Job(), Cancellation);
        await redis.KillAsync();

        var failed = await Should.ThrowAsync<WorkQueueUnavailableException>(() => queue.EnqueueAsync(Job(), Cancellation));
        failed.Message.ShouldContain("Redis is unavailable");
        (await queues.PingAsync(Cancellation)).ShouldBeFalse();

        await redis.StartAgainAsync();
        await EventuallyAsync(() => queues.PingAsync(Cancellation), "the reconnect");
        (await queue.EnqueueAsync(Job(), Cancellation)).Kind.ShouldBe(EnqueueKind.Accepted);
    }

    [Theory]
    [InlineData("", "Id")]
    [InlineData("a b", "Id")]
    public async Task Enqueue_BadId_NamesTheRule(string id, string field)
    {
        var queue = await OpenAsync(StoreKind.Embedded);

        (await Should.ThrowAsync<ArgumentException>(() => queue.EnqueueAsync(Job() with { Id = id }, Cancellation))).Message.ShouldContain(field);
    }
}
