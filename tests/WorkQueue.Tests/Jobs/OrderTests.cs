namespace Keda.Inference.WorkQueue.Tests.Jobs;

public sealed class OrderTests(Store store) : QueueTest(store)
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Embedded, StoreKind.Redis];

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_AdaptiveAndOldestWithinTarget_TakesTheOldest(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.TargetLatencyMs = 60_000);
        await EnqueueAsync(queue, "1", "2", "3");

        (await ServedAsync(queue)).ShouldBe(["1", "2", "3"]);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_AdaptiveAndOldestTooLate_TakesTheNewestAndLaterTheOthers(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.TargetLatencyMs = 20);
        await EnqueueAsync(queue, "1", "2", "3");
        await AgedAsync(queue, 21);

        (await ServedAsync(queue)).ShouldBe(["3", "2", "1"]);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_FifoAndOldestTooLate_TakesTheOldestAllTheSame(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => (options.TargetLatencyMs, options.Order) = (20, ServiceOrder.Fifo));
        await EnqueueAsync(queue, "1", "2", "3");
        await AgedAsync(queue, 21);

        (await ServedAsync(queue)).ShouldBe(["1", "2", "3"]);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_ReclaimedJob_CountsByItsFirstArrival(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.TargetLatencyMs = 100);
        await EnqueueAsync(queue, "old");
        var held = await ClaimOneAsync(queue);
        await Task.Delay(120, Cancellation); // what is tested is time itself
        await queue.ReleaseAsync(held, Cancellation);
        await EnqueueAsync(queue, "new");

        (await queue.GetSignalsAsync(Cancellation)).OldestWaitingAge!.Value.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(100));
        Text((await ClaimOneAsync(queue)).Body).ShouldBe("new");
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Claim_OverloadInAdaptiveOrder_EveryLateJobIsAnsweredByItsDeadlinesRule(StoreKind kind)
    {
        var queue = await OpenAsync(kind, options => options.TargetLatencyMs = 5);
        var jobs = Enumerable.Range(0, 60).Select(i => Job($"{i}", timeoutSeconds: 0.4)).ToList();
        var outcomes = new List<Task<JobOutcome>>();
        foreach (var job in jobs)
        {
            await queue.EnqueueAsync(job, Cancellation);
            outcomes.Add(queue.WaitAsync(job.Id, Cancellation));
        }

        // Served far too slowly: some in time, the rest by the rule.
        while (outcomes.Any(outcome => !outcome.IsCompleted))
        {
            foreach (var claimed in await queue.ClaimAsync("worker-1", 1, Cancellation))
                await queue.CompleteAsync(claimed, claimed.Body, TimeSpan.Zero, Cancellation);
            await Task.Delay(20, Cancellation);
        }

        var ends = await Task.WhenAll(outcomes);
        ends.ShouldAllBe(end => end.State == JobState.Succeeded || end.State == JobState.Expired);
        ends.ShouldContain(end => end.State == JobState.Succeeded);
        ends.ShouldContain(end => end.State == JobState.Expired);
        var signals = await queue.GetSignalsAsync(Cancellation);
        (signals.Waiting, signals.InFlight).ShouldBe((0, 0));
    }

    private static async Task EnqueueAsync(IWorkQueue queue, params string[] bodies)
    {
        foreach (var body in bodies)
            await queue.EnqueueAsync(Job(body, expectReply: false), Cancellation);
    }

    private static Task AgedAsync(IWorkQueue queue, int ms) => EventuallyAsync(
        async () => (await queue.GetSignalsAsync(Cancellation)).OldestWaitingAge > TimeSpan.FromMilliseconds(ms), "the ageing");

    private static async Task<List<string>> ServedAsync(IWorkQueue queue)
    {
        var served = new List<string>();
        while ((await queue.ClaimAsync("worker-1", 1, Cancellation)).SingleOrDefault() is { } job)
        {
            served.Add(Text(job.Body));
            await queue.CompleteAsync(job, Bytes("x"), TimeSpan.Zero, Cancellation);
        }

        return served;
    }
}
