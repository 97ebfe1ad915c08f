using System.Collections.Concurrent;

namespace Keda.Inference.WorkQueue.Tests.Faults;

public sealed class TwoWorkersTests(Store store) : QueueTest(store)
{
    private const int Jobs = 10_000;

    [Fact]
    public async Task TwoWorkers_TenThousandJobs_NothingIsClaimedTwiceAndFifoHolds()
    {
        void Fifo(WorkQueueOptions options) => (options.Order, options.MaxDepth) = (ServiceOrder.Fifo, Jobs);
        var queue = await OpenAsync(StoreKind.Redis, Fifo);
        IWorkQueue[] workers = [await OpenAsync(StoreKind.Redis, Fifo, queue.Name), await OpenAsync(StoreKind.Redis, Fifo, queue.Name)];
        // One after the other on one connection, so that the order is known; the replies are awaited together.
        var enqueued = new List<Task<EnqueueOutcome>>();
        for (var i = 0; i < Jobs; i++)
        {
            enqueued.Add(queue.EnqueueAsync(Job($"{i}", expectReply: false), Cancellation));
            // The first alone: it brings the script, and would be overtaken while it does.
            if (i == 0 || i % 500 == 0)
                await Task.WhenAll(enqueued);
        }

        (await Task.WhenAll(enqueued)).ShouldAllBe(outcome => outcome.Kind == EnqueueKind.Accepted);
        var seen = new ConcurrentDictionary<int, string>();

        var claimed = await Task.WhenAll(workers.Select((worker, index) => WorkAsync(worker, $"worker-{index}", seen)));

        seen.Count.ShouldBe(Jobs);
        foreach (var order in claimed)
        {
            order.ShouldNotBeEmpty();
            var overtaken = order.Zip(order.Skip(1)).Where(pair => pair.Second < pair.First).Take(3);
            overtaken.ShouldBeEmpty();
        }

        var signals = await queue.GetSignalsAsync(Cancellation);
        (signals.Waiting, signals.InFlight, signals.Completions).ShouldBe((0, 0, Jobs));
    }

    private static async Task<List<int>> WorkAsync(IWorkQueue queue, string name, ConcurrentDictionary<int, string> seen)
    {
        var order = new List<int>();
        while ((await queue.ClaimAsync(name, 1, Cancellation)).SingleOrDefault() is { } job)
        {
            var number = int.Parse(Text(job.Body));
            seen.TryAdd(number, name).ShouldBeTrue($"job {number} was claimed twice");
            order.Add(number);
            (await queue.CompleteAsync(job, Bytes("x"), TimeSpan.Zero, Cancellation)).ShouldBeTrue();
        }

        return order;
    }
}
