using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Keda.Inference.Ingress.Problems;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Ingress.Tests.Contract;

/// <summary>Walks every documented status with a real request, and holds the documents to it.</summary>
public sealed partial class StatusTableTests(Store store) : IngressTest(store)
{
    private static readonly Dictionary<string, Func<StatusTableTests, Task<HttpResponseMessage>>> s_ways = new()
    {
        ["bad-request"] = test => test.PostAsync(text: "{", type: "application/json"),
        ["empty-body"] = test => test.PostAsync(text: ""),
        ["missing-image"] = test => test.PostAsync(text: "{}", type: "application/json"),
        ["invalid-header"] = test => test.PostAsync(headers: ("X-Request-Id", "not good")),
        ["invalid-callback"] = test => test.PostAsync(headers: ("X-Callback-Url", "ftp://x")),
        ["unauthenticated"] = test => test.PostAsync(settings: ["Ingress:ApiKeys:0:Name=a", $"Ingress:ApiKeys:0:Sha256={new string('0', 64)}"]),
        ["not-found"] = test => test.GetAsync("/nothing"),
        ["unknown-function"] = test => test.PostAsync(path: "/functions/other/predict"),
        ["unknown-request"] = test => test.GetAsync("/requests/resnet18.0123"),
        ["method-not-allowed"] = test => test.GetAsync("/predict"),
        ["body-too-large"] = test => test.PostAsync(body: [.. Jpeg, .. new byte[2000]], settings: "Ingress:MaxBodyBytes=1024"),
        ["unsupported-media-type"] = test => test.PostAsync(text: "hello", type: "text/plain"),
        ["not-a-picture"] = test => test.PostAsync(text: "hello, this is text"),
        ["unusable-input"] = test => test.PostAsync(serve: FakeWorker.RejectAsync),
        ["idempotency-key-reused"] = test => test.ReusedAsync(),
        ["queue-full"] = test => test.FullAsync(),
        ["rate-limited"] = test => test.LimitedAsync(),
        ["inference-failed"] = test => test.PostAsync(serve: FakeWorker.FailAsync, settings: "Queue:MaxAttempts=1"),
        ["internal-error"] = test => test.PostAsync(serve: (queue, job, stop) => queue.CompleteAsync(job, "no answer"u8.ToArray(), TimeSpan.Zero, stop)),
        ["unavailable"] = test => test.PostAsync(redis: "127.0.0.1:1"),
        ["deadline-exceeded"] = test => test.PostAsync(headers: ("X-Request-Timeout", "0.1")),
        ["already-ended"] = test => test.AfterwardsAsync(HttpMethod.Delete),
        ["cancelled"] = test => test.CancelledAsync(),
    };

    /// <summary>HostileTests has a test for each, with clients that stop in the middle of a body.</summary>
    private static readonly string[] s_elsewhere = ["body-too-slow", "overloaded"];

    public static TheoryData<string> Slugs => [.. s_ways.Keys];

    [Theory]
    [MemberData(nameof(Slugs))]
    public async Task Error_Documented_IsAnsweredSo(string slug)
    {
        var kind = ProblemKind.All.Single(kind => kind.Slug == slug);
        using var response = await s_ways[slug](this);
        var problem = await ShouldBeProblemAsync(response, (HttpStatusCode)kind.Status, slug);
        problem.GetProperty("title").GetString().ShouldBe(kind.Title);
        if (slug != "invalid-header")
            problem.GetProperty("requestId").GetString().ShouldBe(response.Headers.GetValues("X-Request-Id").Single());
        if (kind.Status is 429 or 503)
            response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public void Errors_All_AreWalked() =>
        ProblemKind.All.Select(kind => kind.Slug).ShouldBe(s_ways.Keys.Concat(s_elsewhere), ignoreOrder: true);

    [Fact]
    public void ReadmeTable_Errors_AreExactlyThoseWithTheirStatus() =>
        Row().Matches(File.ReadAllText(RepositoryPaths.Of("Ingress", "README.md"))).Select(row => $"{row.Groups[1]} {row.Groups[2]}")
            .ShouldBe(ProblemKind.All.Select(kind => $"{kind.Status} {kind.Slug}"), ignoreOrder: true);

    [Fact]
    public async Task ApiDocument_NamesEveryAddressAndError()
    {
        var host = await Store.RefusingHostAsync();
        using var response = await host.Client.GetAsync("/openapi/v1.json", Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var paths = (await JsonAsync(response)).GetProperty("paths");
        foreach (var path in new[] { "/predict", "/functions/{function}/predict", "/requests/{id}", "/live", "/livez", "/readyz", "/v2/models/{model}/infer", "/v2/health/ready" })
            paths.TryGetProperty(path, out _).ShouldBeTrue(path);
        foreach (var kind in ProblemKind.All.Where(kind => kind.Slug is not ("not-found" or "method-not-allowed")))
            text.ShouldContain(kind.Type);
        var predict = paths.GetProperty("/predict").GetProperty("post");
        predict.GetProperty("requestBody").GetProperty("content").TryGetProperty("multipart/form-data", out _).ShouldBeTrue();
        predict.GetProperty("responses").TryGetProperty("200", out var ok).ShouldBeTrue();
        ok.GetRawText().ShouldContain("PredictionResponse");
    }

    private async Task<HttpResponseMessage> PostAsync(
        byte[]? body = null, string? text = null, string type = "image/jpeg", string path = "/predict", string? redis = null,
        Func<IWorkQueue, ClaimedJob, CancellationToken, Task>? serve = null, (string, string)? headers = null, params string[] settings)
    {
        // Most are refused before they are enqueued, and need no host of their own.
        var host = redis is null && serve is null && settings.Length == 0 && headers?.Item1 != "X-Request-Timeout"
            ? await Store.RefusingHostAsync()
            : await StartAsync(redis ?? await Store.ConnectionAsync(StoreKind.Embedded), Store.NewQueue(), settings);
        if (serve is not null)
            host.Serve(serve);
        body ??= text is null ? Jpeg : Encoding.UTF8.GetBytes(text);
        return await host.Client.SendAsync(IngressHost.Picture(body, path, type, headers is { } one ? [one] : []), Cancellation);
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        var host = await Store.RefusingHostAsync();
        return await host.Client.GetAsync(path, Cancellation);
    }

    private async Task<HttpResponseMessage> FullAsync()
    {
        var host = await StartAsync(StoreKind.Embedded, "Queue:MaxDepth=1");
        using var first = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Prefer", "respond-async")), Cancellation);
        return await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
    }

    private async Task<HttpResponseMessage> ReusedAsync()
    {
        var host = await StartAsync();
        using var first = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: [("Idempotency-Key", "k"), ("Prefer", "respond-async")]), Cancellation);
        return await host.Client.SendAsync(IngressHost.Picture([.. Jpeg, 0], headers: ("Idempotency-Key", "k")), Cancellation);
    }

    private async Task<HttpResponseMessage> LimitedAsync()
    {
        var key = Convert.ToHexString(SHA256.HashData("a key"u8));
        var host = await StartAsync(
            StoreKind.Embedded, "Ingress:ApiKeys:0:Name=a", $"Ingress:ApiKeys:0:Sha256={key}", "Ingress:ApiKeys:0:RequestsPerSecond=0.001", "Ingress:ApiKeys:0:Burst=1");
        using var first = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: [("X-Api-Key", "a key"), ("Prefer", "respond-async")]), Cancellation);
        return await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Api-Key", "a key")), Cancellation);
    }

    private async Task<HttpResponseMessage> AfterwardsAsync(HttpMethod method)
    {
        var host = await StartAsync();
        host.Serve();
        using var done = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
        var id = (await JsonAsync(done)).GetProperty("id").GetString();
        return await host.Client.SendAsync(new(method, $"/requests/{id}"), Cancellation);
    }

    private async Task<HttpResponseMessage> CancelledAsync()
    {
        var host = await StartAsync();
        using var submitted = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("Prefer", "respond-async")), Cancellation);
        using var deleted = await host.Client.DeleteAsync(submitted.Headers.Location, Cancellation);
        return await host.Client.GetAsync(submitted.Headers.Location, Cancellation);
    }

    [GeneratedRegex(@"^\| (\d{3}) \| `([a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
