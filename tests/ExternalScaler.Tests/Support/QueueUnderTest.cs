using System.Text;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Tests.Support;

/// <summary>The other side of Redis: whoever enqueues, and the cluster stand-in.</summary>
internal sealed class QueueUnderTest(string redis) : IAsyncDisposable
{
    public IWorkQueues Queues { get; } = WorkQueues.Connect(
        new RedisOptions { ConnectionString = redis, TimeoutMs = 20_000 }, name => new WorkQueueOptions { Name = name, MaxDepth = 100_000 }, TimeProvider.System);

    public async Task EnqueueAsync(string queue, int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            var outcome = await Queues.Open(queue).EnqueueAsync(
                new JobSubmission
                {
                    Id = JobId.New(TimeProvider.System), Body = Encoding.UTF8.GetBytes("picture"), ContentType = "image/png", ExpectReply = false,
                },
                TestContext.Current.CancellationToken);
            outcome.Kind.ShouldBe(EnqueueKind.Accepted);
        }
    }

    public Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string queue, int max = 1) =>
        Queues.Open(queue).ClaimAsync("worker-1", max, TestContext.Current.CancellationToken);

    public Task<bool> CompleteAsync(string queue, ClaimedJob job) =>
        Queues.Open(queue).CompleteAsync(job, "{}"u8.ToArray(), TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);

    /// <summary>Says what the cluster stand-in would, with as many ready workers as replicas.</summary>
    public async Task ScaleAsync(string queue, int replicas, int min = 1, int max = 6, int? ready = null, bool paused = false)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var opened = Queues.Open(queue);
        await opened.LocalScale.SetAsync(new LocalScaleRecord(replicas, min, max, paused), cancellation);
        for (var i = 0; i < (ready ?? replicas); i++)
        {
            await opened.Workers.HeartbeatAsync(
                new WorkerEntry($"worker-{i}", WorkerState.Ready, 1.5, "resnet18", "untrained", "fp32", 1, "http://127.0.0.1:1"), cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Queues is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
