using System.Text;

[assembly: AssemblyFixture(typeof(Keda.Inference.WorkQueue.Tests.Store))]

namespace Keda.Inference.WorkQueue.Tests;

/// <summary>Opens queues and makes jobs.</summary>
public abstract class QueueTest(Store store)
{
    private readonly List<IWorkQueues> _opened = [];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Store Store { get; } = store;

    protected async Task<IWorkQueue> OpenAsync(StoreKind kind, Action<WorkQueueOptions>? configure = null, string? name = null)
    {
        var queues = await Store.ConnectAsync(kind, configure);
        _opened.Add(queues);
        return queues.Open(name ?? Store.NewQueue());
    }

    protected static JobSubmission Job(string body = "picture", string? key = null, double timeoutSeconds = 60, bool expectReply = true) => new()
    {
        Id = JobId.New(TimeProvider.System),
        Body = Encoding.UTF8.GetBytes(body),
        ContentType = "image/jpeg",
        IdempotencyKey = key,
        Timeout = TimeSpan.FromSeconds(timeoutSeconds),
        ExpectReply = expectReply,
    };

    protected static async Task<ClaimedJob> ClaimOneAsync(IWorkQueue queue, string worker = "worker-1") =>
        (await queue.ClaimAsync(worker, 1, Cancellation)).ShouldHaveSingleItem();

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    protected static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            limit.IsCancellationRequested.ShouldBeFalse($"{what} did not happen within 30 s");
            await Task.Delay(20, Cancellation);
        }
    }
}
