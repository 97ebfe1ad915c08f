using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Keda.Inference.Ingress.Callbacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Keda.Inference.Ingress.Tests.Callbacks;

public sealed class CallbackTests(Store store) : IngressTest(store)
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly string[] s_allowed =
        [$"Ingress:Callbacks:Secret={Secret}", "Ingress:Callbacks:AllowPrivateAddresses=true", "Ingress:Callbacks:PollSeconds=0.05", "Ingress:Callbacks:FirstPauseSeconds=0.1"];

    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task End_WithCallback_IsDeliveredSigned(StoreKind kind)
    {
        await using var receiver = await Receiver.StartAsync();
        var host = await StartAsync(kind, s_allowed);
        host.Serve();
        using var submitted = await host.Client.SendAsync(
            IngressHost.Picture(Jpeg, headers: [("X-Callback-Url", receiver.Address), ("X-Request-Id", "mine")]), Cancellation);
        submitted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var id = (await JsonAsync(submitted)).GetProperty("id").GetString()!;

        var got = await receiver.NextAsync();
        got.Headers["webhook-id"].ShouldBe(id);
        got.Headers["X-Request-Id"].ShouldBe("mine");
        CallbackSigner.TryReadSecret(Secret, out var secret).ShouldBeTrue();
        got.Headers["webhook-signature"].ShouldBe(new CallbackSigner(secret).Signature(id, got.Headers["webhook-timestamp"], got.Body));
        var document = JsonDocument.Parse(got.Body).RootElement;
        document.GetProperty("state").GetString().ShouldBe("succeeded");
        document.GetProperty("result").GetProperty("predictions").GetArrayLength().ShouldBe(5);
        document.TryGetProperty("error", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task End_WithoutAnswer_IsToldAsTheDocumentedError()
    {
        await using var receiver = await Receiver.StartAsync();
        var host = await StartAsync(StoreKind.Embedded, s_allowed);
        host.Serve(FakeWorker.RejectAsync);
        var json = JsonSerializer.Serialize(new { image = Convert.ToBase64String(Jpeg), callback = receiver.Address });
        using var submitted = await host.Client.PostAsync("/predict", new StringContent(json, Encoding.UTF8, "application/json"), Cancellation);
        submitted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var error = JsonDocument.Parse((await receiver.NextAsync()).Body).RootElement.GetProperty("error");
        error.GetProperty("type").GetString().ShouldBe("urn:keda-inference:problem:unusable-input");
        error.GetProperty("code").GetString().ShouldBe(FakeWorker.Undecodable.Code);
    }

    [Fact]
    public async Task Delivery_Failing_IsRepeatedUntilItSucceeds()
    {
        await using var receiver = await Receiver.StartAsync(500, 302, 200);
        var host = await StartAsync(StoreKind.Embedded, s_allowed);
        host.Serve();
        using var submitted = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Callback-Url", receiver.Address)), Cancellation);
        submitted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var ids = new[] { await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync() }.Select(got => got.Headers["webhook-id"]);
        ids.Distinct().ShouldHaveSingleItem();
        // Confirmed after the third: nothing is due any more.
        await EventuallyAsync(
            async () => (await host.Queue.Callbacks.TakeAsync(1, TimeSpan.FromMilliseconds(1), Cancellation)).Count == 0, "nothing is due");
    }

    [Fact]
    public async Task Delivery_ManyReceiversSilent_HoldsUpNobodyElse()
    {
        using var release = new CancellationTokenSource();
        await using var silent = await Receiver.StartAsync(release.Token);
        await using var receiver = await Receiver.StartAsync();
        var host = await StartAsync(StoreKind.Embedded, [.. s_allowed, "Ingress:Callbacks:TimeoutSeconds=60"]);
        host.Serve();
        foreach (var address in Enumerable.Repeat(silent.Address, 20).Append(receiver.Address))
        {
            using var submitted = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Callback-Url", address)), Cancellation);
            submitted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        await receiver.NextAsync();
        await release.CancelAsync();
    }

    [Fact]
    public async Task Callback_OfAReplicaThatIsGone_IsDeliveredByAnother()
    {
        await using var receiver = await Receiver.StartAsync();
        var (redis, queue) = (await Store.ConnectionAsync(StoreKind.Redis), Store.NewQueue());
        await using (var first = await IngressHost.StartAsync(redis, queue, s_allowed))
        {
            using var submitted = await first.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Callback-Url", receiver.Address)), Cancellation);
            submitted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        var second = await StartAsync(redis, queue, s_allowed);
        second.Serve();
        (await receiver.NextAsync()).Headers["webhook-id"].ShouldStartWith(queue + ".");
    }

    [Fact]
    public async Task Address_PrivateOrUnusable_IsRefusedBeforeAnythingIsEnqueued()
    {
        var host = await StartAsync(StoreKind.Embedded, $"Ingress:Callbacks:Secret={Secret}");
        string[] addresses =
        [
            "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]/x", "http://[::ffff:10.0.0.1]/x", "http://169.254.169.254/latest/meta-data",
            "http://0x7f.1/x", "http://2130706433/x", "ftp://example.org/x", "/relative", "http://user:word@8.8.8.8/x",
        ];
        foreach (var address in addresses)
        {
            using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Callback-Url", address)), Cancellation);
            await ShouldBeProblemAsync(response, HttpStatusCode.BadRequest, "invalid-callback");
        }

        (await host.Queue.GetSignalsAsync(Cancellation)).Arrivals.ShouldBe(0);
    }

    [Fact]
    public async Task Callback_WithoutConfiguredSecret_IsRefused()
    {
        var host = await StartAsync();
        using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Callback-Url", "https://example.org/")), Cancellation);
        var problem = await ShouldBeProblemAsync(response, HttpStatusCode.BadRequest, "invalid-callback");
        problem.GetProperty("detail").GetString()!.ShouldContain("Ingress:Callbacks:Secret");
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("::ffff:192.168.0.1", false)]
    [InlineData("::", false)]
    public void Address_Public_IsToldFromPrivate(string address, bool isPublic) =>
        PublicAddresses.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Fact]
    public void Signature_OfTheStandardsExample_Matches()
    {
        // The test vector of the Standard Webhooks reference libraries.
        CallbackSigner.TryReadSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret).ShouldBeTrue();
        new CallbackSigner(secret).Signature("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8)
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(5, 80)]
    [InlineData(40, 3600)]
    public void Pause_AfterATry_DoublesUpToAnHour(int tries, double seconds) =>
        CallbackPump.PauseAfter(tries, new()).TotalSeconds.ShouldBe(seconds);

    private sealed record Got(IReadOnlyDictionary<string, string> Headers, byte[] Body);

    private sealed class Receiver(WebApplication app, BlockingCollection<Got> got) : IAsyncDisposable
    {
        public string Address => app.Urls.Single() + "/hook?token=secret";

        public static Task<Receiver> StartAsync(params int[] statuses) => StartAsync(new CancellationToken(canceled: true), statuses);

        /// <summary>Answers nothing until it is released.</summary>
        public static async Task<Receiver> StartAsync(CancellationToken released, params int[] statuses)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var got = new BlockingCollection<Got>();
            var answers = new Queue<int>(statuses);
            app.MapPost("/hook", async http =>
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body);
                await Task.Delay(Timeout.Infinite, released).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                var status = answers.Count > 0 ? answers.Dequeue() : 200;
                if (status == 302)
                    http.Response.Headers.Location = "/elsewhere";
                http.Response.StatusCode = status;
                got.Add(new(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            });
            await app.StartAsync();
            return new(app, got);
        }

        public Task<Got> NextAsync() => Task.Run(() => got.TryTake(out var one, TimeSpan.FromSeconds(30)) ? one : throw new TimeoutException("No callback came."));

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
