using System.Net;
using System.Security.Cryptography;
using System.Text;
using Keda.Inference.Ingress.Security;

namespace Keda.Inference.Ingress.Tests.Security;

public sealed class KeyTests(Store store) : IngressTest(store)
{
    private static readonly string[] s_keys =
    [
        $"Ingress:ApiKeys:0:Name=one", $"Ingress:ApiKeys:0:Sha256={Hash("key of one")}",
        $"Ingress:ApiKeys:1:Name=two", $"Ingress:ApiKeys:1:Sha256={Hash("key of two")}", "Ingress:ApiKeys:1:RequestsPerSecond=0.01", "Ingress:ApiKeys:1:Burst=2",
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("key of one.")]
    public async Task Key_MissingOrWrong_IsRefusedEverywhere(string? key)
    {
        var host = await StartAsync(StoreKind.Embedded, s_keys);
        foreach (var (method, path) in new[]
                 {
                     ("POST", "/predict"), ("POST", $"/functions/{host.Queue.Name}/predict"), ("GET", "/requests/x.y"), ("DELETE", "/requests/x.y"),
                     ("GET", "/live"),
                 })
        {
            using var request = new HttpRequestMessage(new(method), path);
            if (key is not null)
                request.Headers.TryAddWithoutValidation("X-Api-Key", key);
            using var response = await host.Client.SendAsync(request, Cancellation);
            await ShouldBeProblemAsync(response, HttpStatusCode.Unauthorized, "unauthenticated");
            response.Headers.WwwAuthenticate.ShouldNotBeEmpty();
        }

        using var infer = await host.Client.PostAsync($"/v2/models/{host.Queue.Name}/infer", new StringContent("{}"), Cancellation);
        infer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var live = await host.Client.GetAsync("/livez", Cancellation);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_Right_IsLetIn()
    {
        var host = await StartAsync(StoreKind.Embedded, s_keys);
        host.Serve();
        using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Api-Key", "key of one")), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_BeyondItsRate_IsLimitedAndOthersAreNot()
    {
        var host = await StartAsync(StoreKind.Embedded, s_keys);
        host.Serve();
        for (var i = 0; i < 2; i++)
        {
            using var within = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Api-Key", "key of two")), Cancellation);
            within.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var beyond = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Api-Key", "key of two")), Cancellation);
        await ShouldBeProblemAsync(beyond, HttpStatusCode.TooManyRequests, "rate-limited");
        beyond.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 100);
        using var other = await host.Client.SendAsync(IngressHost.Picture(Jpeg, headers: ("X-Api-Key", "key of one")), Cancellation);
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Idempotency_SameKeyOfTwoCallers_AreTwoJobs()
    {
        var host = await StartAsync(StoreKind.Embedded, s_keys);
        var worker = host.Serve();
        foreach (var key in new[] { "key of one", "key of two" })
        {
            using var response = await host.Client.SendAsync(
                IngressHost.Picture(Jpeg, headers: [("X-Api-Key", key), ("Idempotency-Key", "same")]), Cancellation);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        worker.Claimed.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Bearer_SignedForUs_IsLetInAndAnyOtherIsNot()
    {
        var signing = RandomNumberGenerator.GetBytes(32);
        var host = await StartAsync(
            StoreKind.Embedded,
            $"{Authentication.BearerSection}:ValidIssuer=tests", $"{Authentication.BearerSection}:ValidAudiences:0=keda-inference",
            $"{Authentication.BearerSection}:SigningKeys:0:Issuer=tests", $"{Authentication.BearerSection}:SigningKeys:0:Value={Convert.ToBase64String(signing)}");
        host.Serve();
        async Task<HttpStatusCode> StatusAsync(string? token)
        {
            using var response = await host.Client.SendAsync(
                token is null ? IngressHost.Picture(Jpeg) : IngressHost.Picture(Jpeg, headers: ("Authorization", "Bearer " + token)), Cancellation);
            return response.StatusCode;
        }

        (await StatusAsync(Token(signing, "keda-inference", 60))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(null)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(Token(signing, "another", 60))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(Token(signing, "keda-inference", -3600))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(Token(RandomNumberGenerator.GetBytes(32), "keda-inference", 60))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Cors_ByDefault_IsOffAndByConfigurationOn()
    {
        var closed = await StartAsync();
        var open = await StartAsync(StoreKind.Embedded, "Ingress:CorsOrigins:0=https://example.org");
        foreach (var (host, origin, allowed) in new[] { (closed, "https://example.org", false), (open, "https://example.org", true), (open, "https://evil.example", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, "/predict");
            request.Headers.TryAddWithoutValidation("Origin", origin);
            request.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
            using var response = await host.Client.SendAsync(request, Cancellation);
            response.Headers.Contains("Access-Control-Allow-Origin").ShouldBe(allowed);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/nothing")]
    public async Task Answer_OfAnyKind_CarriesSecurityHeaders(string path)
    {
        var host = await Store.RefusingHostAsync();
        using var response = await host.Client.GetAsync(path, Cancellation);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        System.Text.RegularExpressions.Regex.IsMatch(policy, "script-src[^;]*unsafe").ShouldBeFalse();
        response.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        response.Headers.Contains("Server").ShouldBeFalse();
        if (response.Content.Headers.ContentType?.MediaType == "text/html")
            (await response.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("<script>");
    }

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Token(byte[] key, string audience, int seconds)
    {
        var expires = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds();
        var text = Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"u8) + "."
            + Url(Encoding.UTF8.GetBytes($"{{\"iss\":\"tests\",\"aud\":\"{audience}\",\"sub\":\"me\",\"exp\":{expires}}}"));
        return text + "." + Url(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)));
    }

    private static string Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
