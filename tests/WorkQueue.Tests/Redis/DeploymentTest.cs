namespace Keda.Inference.WorkQueue.Tests.Redis;

/// <summary>Shows that a form of Redis serves jobs.</summary>
public abstract class DeploymentTest(Store store) : QueueTest(store)
{
    /// <summary>Whether a job gets in, which needs every connection.</summary>
    protected static async Task<bool> AcceptsAsync(IWorkQueues queues)
    {
        try
        {
            return (await queues.Open("probe").EnqueueAsync(Job(), Cancellation)).Kind == EnqueueKind.Accepted;
        }
        catch (WorkQueueUnavailableException)
        {
            return false;
        }
    }

    /// <summary>What a caller is told who cannot get a job in.</summary>
    protected static async Task<string> RefusalAsync(IWorkQueues queues) =>
        (await Should.ThrowAsync<WorkQueueUnavailableException>(() => queues.Open("q").EnqueueAsync(Job(), Cancellation))).Message;

    /// <summary>The whole life of a job, with every kind of key that there is.</summary>
    protected static async Task ServeOneAsync(IWorkQueues queues, string name = "deployed")
    {
        var queue = queues.Open(name);
        var job = Job("body", key: "key");
        (await queue.EnqueueAsync(job, Cancellation)).Kind.ShouldBe(EnqueueKind.Accepted);
        await queue.Workers.HeartbeatAsync(new("w", WorkerState.Ready, 1, "m", "untrained", "fp32", 1, "http://127.0.0.1:1"), Cancellation);
        var claimed = await ClaimOneAsync(queue);
        (await queue.RenewAsync([claimed], Cancellation)).ShouldBeEmpty();
        (await queue.CompleteAsync(claimed, Bytes("answer"), TimeSpan.FromMilliseconds(5), Cancellation)).ShouldBeTrue();
        Text((await queue.WaitAsync(job.Id, Cancellation)).Payload).ShouldBe("answer");
        (await queue.GetSignalsAsync(Cancellation)).Completions.ShouldBe(1);
        var key = new ScaledObjectKey("ns", "so", queue.Name);
        (await queues.Decisions.CommitAsync(key, 0, Bytes("state"), Bytes("record"), Cancellation)).ShouldBeTrue();
        (await queues.Decisions.ListAsync(Cancellation)).ShouldContain(key);
    }
}
