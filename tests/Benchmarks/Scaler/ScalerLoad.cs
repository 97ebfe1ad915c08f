using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Benchmarks.Scaler;

/// <summary>The ScaledObjects and their queues, with work and workers in each.</summary>
internal sealed class ScalerLoad(int objects, int queues, string policy)
{
    private const int JobsPerQueue = 20;

    public IReadOnlyList<GetMetricsRequest> Requests { get; } =
        [.. Enumerable.Range(0, objects).Select(i => Request($"so-{i}", $"queue-{i % queues}", policy))];

    /// <summary>Jobs that wait, jobs that were answered, workers and the stand-in's record: what a live queue has.</summary>
    public async Task FillAsync(string redis, CancellationToken cancellation)
    {
        var opened = WorkQueues.Connect(
            new RedisOptions { ConnectionString = redis, TimeoutMs = 20_000 }, name => new WorkQueueOptions { Name = name }, TimeProvider.System);
        for (var i = 0; i < queues; i++)
        {
            var queue = opened.Open($"queue-{i}");
            await queue.LocalScale.SetAsync(new LocalScaleRecord(2, 1, 6), cancellation);
            await queue.Workers.HeartbeatAsync(Worker(i), cancellation);
            for (var job = 0; job < JobsPerQueue; job++)
            {
                await queue.EnqueueAsync(
                    new JobSubmission { Id = JobId.New(TimeProvider.System), Body = new byte[16], ContentType = "image/png", ExpectReply = false, Timeout = TimeSpan.FromMinutes(5) },
                    cancellation);
            }
            foreach (var claimed in await queue.ClaimAsync("worker-0", JobsPerQueue / 2, cancellation))
                await queue.CompleteAsync(claimed, "{}"u8.ToArray(), TimeSpan.FromMilliseconds(50), cancellation);
        }
        if (opened is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }

    private static WorkerEntry Worker(int queue) => new($"worker-{queue}", WorkerState.Ready, 1.5, "resnet18", "untrained", "fp32", 1, "");

    private static GetMetricsRequest Request(string name, string queue, string policy)
    {
        var reference = new ScaledObjectRef { Name = name, Namespace = "default" };
        foreach (var (key, value) in new[]
        {
            ("scalerAddress", "external-scaler.keda:6000"), ("queue", queue), ("policy", policy), ("pollSeconds", "2"),
            ("maxReplicas", "6"), ("minReplicas", "1"), ("requireReady", "false"),
        })
            reference.ScalerMetadata[key] = value;
        return new GetMetricsRequest { ScaledObjectRef = reference, MetricName = $"keda-inference-{queue}" };
    }
}
