using System.Net;

namespace Keda.Inference.Ingress.Tests.Requests;

public sealed class DeadlineTests(Store store) : IngressTest(store)
{
    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task Deadline_PassedWithoutWorker_IsAnsweredAndTheJobIsGone(StoreKind kind)
    {
        var host = await StartAsync(kind);
        using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Request-Timeout", "0.3")), Cancellation);
        await ShouldBeProblemAsync(response, HttpStatusCode.GatewayTimeout, "deadline-exceeded");
        var signals = await host.Queue.GetSignalsAsync(Cancellation);
        (signals.Waiting, signals.Expirations).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1e9")]
    [InlineData("NaN")]
    [InlineData("301")]
    public async Task Deadline_Unusable_IsRefusedWithTheRule(string value)
    {
        var host = await Store.RefusingHostAsync();
        using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Request-Timeout", value)), Cancellation);
        var problem = await ShouldBeProblemAsync(response, HttpStatusCode.BadRequest, "invalid-header");
        problem.GetProperty("detail").GetString()!.ShouldContain("at most 300");
    }

    [Fact]
    public async Task Caller_WhoLeaves_TakesAWaitingJobBack()
    {
        var host = await StartAsync();
        using var patience = new CancellationTokenSource();
        var request = host.Client.SendAsync(IngressHost.Picture(Jpeg), patience.Token);
        await EventuallyAsync(async () => (await host.Queue.GetSignalsAsync(Cancellation)).Waiting == 1, "the job waits");
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(request);
        await EventuallyAsync(async () => (await host.Queue.GetSignalsAsync(Cancellation)).Waiting == 0, "the job is taken back");
    }

    [Fact]
    public async Task Caller_WhoLeavesWithAKey_FindsTheAnswerLater()
    {
        var host = await StartAsync();
        using var patience = new CancellationTokenSource();
        var request = host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Idempotency-Key", "later")), patience.Token);
        await EventuallyAsync(async () => (await host.Queue.GetSignalsAsync(Cancellation)).Waiting == 1, "the job waits");
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(request);
        var worker = host.Serve();
        using var again = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Idempotency-Key", "later")), Cancellation);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        worker.Claimed.Count.ShouldBe(1);
    }
}
