namespace Keda.Inference.WorkQueue.Tests.Jobs;

public sealed class LostBodyTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    private static readonly string s_large = new('x', 10_000);

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_BodyLostWhileWaiting_FailsTheJobAndServesTheNext(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        var (lost, next) = (Job(s_large), Job("next"));
        await queue.EnqueueAsync(lost, Cancellation);
        await queue.EnqueueAsync(next, Cancellation);
        await Store.LoseBodyAsync(kind, queue.Name, lost.Id);

        (await ClaimOneAsync(queue)).Id.ShouldBe(next.Id);

        await ShouldHaveFailedAsync(queue, lost.Id);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_BodyLostBehindTheClaim_FailsTheJobWhenItIsClaimedAgain(StoreKind kind)
    {
        var queue = (RedisWorkQueue)await OpenAsync(kind);
        var lost = Job(s_large);
        await queue.EnqueueAsync(lost, Cancellation);
        var jobs = await queue.ClaimWithoutBodiesAsync("worker-1", "token", 1, Cancellation);
        await Store.LoseBodyAsync(kind, queue.Name, lost.Id);

        (await queue.WithBodiesAsync(jobs.Claimed, "token", "worker-1")).ShouldBeEmpty();

        (await queue.GetStatusAsync(lost.Id, Cancellation)).State.ShouldBe(JobState.Waiting);
        (await queue.ClaimAsync("worker-1", 1, Cancellation)).ShouldBeEmpty();
        await ShouldHaveFailedAsync(queue, lost.Id);
        (await queue.GetSignalsAsync(Cancellation)).InFlight.ShouldBe(0);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_BodyThatDoesNotCome_GivesTheJobBackAtOnce(StoreKind kind)
    {
        var queue = await OpenAsync(kind);
        await queue.EnqueueAsync(Job(s_large), Cancellation);
        await using var connections = new RedisConnections(await Store.OptionsAsync(kind));
        await using var inbox = new ReplyInbox(connections, TimeProvider.System);
        var cutOff = new RedisWorkQueue(connections, inbox, queue.Name, queue.Options, TimeProvider.System);
        await (await connections.BulkAsync()).Multiplexer.DisposeAsync();

        await Should.ThrowAsync<WorkQueueUnavailableException>(cutOff.ClaimAsync("cut-off", 1, Cancellation));

        (await ClaimOneAsync(queue)).Attempt.ShouldBe(1);
    }

    private static async Task ShouldHaveFailedAsync(IWorkQueue queue, string jobId)
    {
        var outcome = await queue.WaitAsync(jobId, Cancellation);
        outcome.State.ShouldBe(JobState.Failed);
        outcome.Error!.Code.ShouldBe("body-lost");
    }
}
