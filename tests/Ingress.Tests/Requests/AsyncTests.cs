using System.Net;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Tests.Requests;

public sealed class AsyncTests(Store store) : IngressTest(store)
{
    private static readonly (string, string) s_async = ("Prefer", "respond-async");

    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task Submission_Asynchronous_IsFollowedToItsAnswer(StoreKind kind)
    {
        var host = await StartAsync(kind);
        using var first = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: s_async), Cancellation);
        using var second = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: s_async), Cancellation);
        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        second.Headers.GetValues("Preference-Applied").ShouldHaveSingleItem().ShouldBe("respond-async");
        var location = second.Headers.Location.ShouldNotBeNull().ToString();
        location.ShouldStartWith("/requests/");

        using var waiting = await host.Client.GetAsync(location, Cancellation);
        waiting.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        waiting.Headers.RetryAfter.ShouldNotBeNull();
        var state = await JsonAsync(waiting);
        state.GetProperty("state").GetString().ShouldBe("waiting");
        state.GetProperty("position").GetInt64().ShouldBe(1);

        host.Serve();
        await EventuallyAsync(async () =>
        {
            using var poll = await host.Client.GetAsync(location, Cancellation);
            return poll.StatusCode == HttpStatusCode.OK;
        }, "the answer");
        using var done = await host.Client.GetAsync(location, Cancellation);
        var answer = await JsonAsync(done);
        answer.GetProperty("id").GetString().ShouldBe(location["/requests/".Length..]);
        answer.GetProperty("predictions").GetArrayLength().ShouldBe(5);
        answer.GetProperty("timings").TryGetProperty("total", out _).ShouldBeFalse("it is not known when fetched later");
    }

    [Fact]
    public async Task Request_Running_SaysSo()
    {
        var host = await StartAsync();
        var gate = new Gate();
        host.Serve(gate.ServeAsync);
        using var submitted = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: s_async), Cancellation);
        await gate.Reached;
        using var response = await host.Client.GetAsync(submitted.Headers.Location, Cancellation);
        var state = await JsonAsync(response);
        state.GetProperty("state").GetString().ShouldBe("running");
        state.TryGetProperty("position", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Submission_PreferringToWaitFirst_IsAnsweredAtOnceWhenFast()
    {
        var host = await StartAsync();
        host.Serve();
        using var response = await host.Client.SendAsync(
            IngressHost.Picture(Jpeg, headers: ("Prefer", "respond-async, wait=20")), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Submission_PreferringToWaitFirst_IsAcceptedWhenSlow()
    {
        var host = await StartAsync();
        using var response = await host.Client.SendAsync(
            IngressHost.Picture(Jpeg, headers: ("Prefer", "respond-async, wait=1")), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await host.Queue.GetSignalsAsync(Cancellation)).Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_Waiting_TakesItBack()
    {
        var host = await StartAsync();
        using var submitted = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: s_async), Cancellation);
        using (var deleted = await host.Client.DeleteAsync(submitted.Headers.Location, Cancellation))
            deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await host.Queue.GetSignalsAsync(Cancellation)).Waiting.ShouldBe(0);
        using (var again = await host.Client.DeleteAsync(submitted.Headers.Location, Cancellation))
            again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await host.Client.GetAsync(submitted.Headers.Location, Cancellation);
        await ShouldBeProblemAsync(gone, HttpStatusCode.Gone, "cancelled");
    }

    [Fact]
    public async Task Delete_Answered_IsRefused()
    {
        var host = await StartAsync();
        host.Serve();
        using var done = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
        var id = (await JsonAsync(done)).GetProperty("id").GetString();
        using var deleted = await host.Client.DeleteAsync($"/requests/{id}", Cancellation);
        await ShouldBeProblemAsync(deleted, HttpStatusCode.Conflict, "already-ended");
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("other.0123456789abcdef")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    [InlineData("%7Bresnet18%7D.x")]
    public async Task Request_NeverGiven_IsUnknown(string id)
    {
        var host = await Store.RefusingHostAsync();
        using var response = await host.Client.GetAsync($"/requests/{id}", Cancellation);
        await ShouldBeProblemAsync(response, HttpStatusCode.NotFound, "unknown-request");
    }

    [Fact]
    public async Task Idempotency_SameKey_IsTheSameJobThroughEveryReplica()
    {
        var (redis, queue) = (await Store.ConnectionAsync(StoreKind.Redis), Store.NewQueue());
        var one = await StartAsync(redis, queue);
        var two = await StartAsync(redis, queue);
        var gate = new Gate();
        var worker = one.Serve(gate.ServeAsync);
        var first = one.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Idempotency-Key", "k 1")), Cancellation);
        await gate.Reached;
        var running = two.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Idempotency-Key", "k 1")), Cancellation);
        var same = one.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Idempotency-Key", "k 1")), Cancellation);
        gate.Open();
        var ids = new List<string?>();
        foreach (var request in new[] { first, running, same, two.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Idempotency-Key", "k 1")), Cancellation) })
        {
            using var response = await request;
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            ids.Add((await JsonAsync(response)).GetProperty("id").GetString());
        }

        ids.Distinct().ShouldHaveSingleItem();
        worker.Claimed.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reply_OfTwoReplicas_FindsTheOneThatWaits()
    {
        var (redis, queue) = (await Store.ConnectionAsync(StoreKind.Embedded), Store.NewQueue());
        var hosts = new[] { await StartAsync(redis, queue), await StartAsync(redis, queue) };
        hosts[0].Serve((work, job, stop) => work.CompleteAsync(
            job, (FakeWorker.Result() with { Model = new(job.RequestId!, "untrained", "fp32") }).ToPayload(), TimeSpan.Zero, stop));
        var requests = Enumerable.Range(0, 40).Select(async i =>
        {
            using var response = await hosts[i % 2].Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Request-Id", $"r{i}")), Cancellation);
            (await JsonAsync(response)).GetProperty("model").GetProperty("name").GetString().ShouldBe($"r{i}");
        });
        await Task.WhenAll(requests);
    }
}
