using System.Net;
using Keda.Inference.Ingress.DeadLetters;
using Keda.Inference.Testing;

namespace Keda.Inference.Ingress.Tests.DeadLetters;

public sealed class DeadLetterCommandTests(Store store) : IngressTest(store)
{
    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task DeadLetters_ListedReplayedAndDropped_LeaveNoneBehind(StoreKind kind)
    {
        var redis = await Store.ConnectionAsync(kind);
        var host = await StartAsync(redis, Store.NewQueue(), "Queue:MaxAttempts=1");
        await using (new FakeWorker(host.Queue, FakeWorker.FailAsync))
        {
            for (var i = 0; i < 3; i++)
            {
                using var failed = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
                failed.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            }
        }

        var (code, output, _) = await RunAsync(redis, host, "list");
        code.ShouldBe(0);
        output.ShouldContain("out-of-memory: The session ran out of memory.");
        output.ShouldContain($"3 dead letters in {host.Queue.Name}");
        var ids = output.Split('\n').Take(3).Select(line => line.Split(' ')[0]).ToArray();

        (code, output, _) = await RunAsync(redis, host, "drop", "--id", ids[0]);
        (code, output).ShouldBe((0, $"{ids[0]} dropped\n1 dropped, 0 not found\n"));
        (code, output, _) = await RunAsync(redis, host, "drop", "--id", ids[0]);
        (code, output).ShouldBe((1, $"{ids[0]} is no dead letter of {host.Queue.Name}\n0 dropped, 1 not found\n"));

        var worker = host.Serve();
        (code, output, _) = await RunAsync(redis, host, "replay", "--all");
        code.ShouldBe(0);
        output.ShouldContain("2 replayed, 0 not found");
        await EventuallyAsync(() => Task.FromResult(worker.Claimed.Count == 2), "both are served");
        worker.Claimed.Select(job => job.Id).ShouldBe(ids[1..], ignoreOrder: true);
        (await host.Queue.GetSignalsAsync(Cancellation)).DeadLetters.ShouldBe(0);
    }

    [Theory]
    [InlineData("0"), InlineData("-100"), InlineData("1e12")]
    public async Task Replay_UnusableTimeout_IsRefusedBeforeAnythingIsTouched(string timeout)
    {
        var host = await StartAsync();
        var (code, _, error) = await RunAsync(await Store.ConnectionAsync(StoreKind.Embedded), host, "replay", "--all", "--timeout", timeout);
        code.ShouldNotBe(0);
        error.ShouldContain("--timeout must be 0.001 to 604800 seconds");
    }

    [Fact]
    public async Task List_RedisBehindTls_TrustsTheAuthorityGiven()
    {
        using var certificates = new TestCertificates();
        certificates.Sign("server", "redis");
        await using var redis = await RedisServer.StartTlsOrSkipAsync(certificates);
        var output = new StringWriter();

        (await DeadLetterCommand.RunAsync(
            ["dead-letters", "list", "--redis", redis.ConnectionString + ",ssl=true", "--redis-ca", certificates.AuthorityPath, "--queue", "q"],
            output, new StringWriter())).ShouldBe(0);

        output.ToString().ShouldBe("0 dead letters in q\n");
    }

    [Fact]
    public async Task Replay_WithoutSayingWhich_IsAUsageError()
    {
        var error = new StringWriter();
        (await DeadLetterCommand.RunAsync(["dead-letters", "replay", "--redis", "127.0.0.1:1"], new StringWriter(), error)).ShouldBe(2);
        error.ToString().ShouldContain("--all");
    }

    [Fact]
    public async Task List_WithoutRedis_SaysSo()
    {
        var error = new StringWriter();
        (await DeadLetterCommand.RunAsync(["dead-letters", "list", "--redis", "127.0.0.1:1"], new StringWriter(), error)).ShouldBe(1);
        error.ToString().ShouldContain("unavailable");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string redis, IngressHost host, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        var code = await DeadLetterCommand.RunAsync(["dead-letters", .. args, "--redis", redis, "--queue", host.Queue.Name], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
