using Keda.Inference.Testing;

namespace Keda.Inference.WorkQueue.Tests.Redis;

/// <summary>Redis behind TLS, whose certificate a private authority signed.</summary>
public sealed class TlsTests : DeploymentTest, IDisposable
{
    private readonly TestCertificates _certificates = new();

    public TlsTests(Store store)
        : base(store)
    {
        _certificates.Sign("server", "redis");
        _certificates.Sign("client", "worker");
    }

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Tls_AuthorityAndUserGiven_ServesAJob()
    {
        await using var redis = await RedisServer.StartTlsOrSkipAsync(
            _certificates, "--user", "worker", "on", ">secret-word", "~keda-inference:*", "&keda-inference:*", "+@all", "--user", "default", "off");

        await using var queues = Connect(redis, ",user=worker,password=secret-word", _certificates.AuthorityPath);

        await ServeOneAsync(queues);
    }

    [Fact]
    public async Task Tls_ServerOfAnotherAuthority_IsRefusedAndSaidSo()
    {
        using var strangers = new TestCertificates();
        await using var redis = await RedisServer.StartTlsOrSkipAsync(_certificates);

        foreach (var authority in new[] { strangers.AuthorityPath, null })
        {
            await using var queues = Connect(redis, authority: authority, timeoutMs: 500);
            (await RefusalAsync(queues)).ShouldContain("The remote certificate is invalid");
        }
    }

    [Fact]
    public async Task Tls_CertificateForAnotherName_IsRefusedAndSaidSo()
    {
        await using var redis = await RedisServer.StartTlsOrSkipAsync(_certificates);

        await using var queues = Connect(redis, ",sslHost=redis.example", _certificates.AuthorityPath, timeoutMs: 500);

        (await RefusalAsync(queues)).ShouldContain("RemoteCertificateNameMismatch");
    }

    [Fact]
    public async Task Tls_AuthorityFileChanges_IsReadAgain()
    {
        using var former = new TestCertificates();
        await using var redis = await RedisServer.StartTlsOrSkipAsync(_certificates);
        await using var queues = Connect(redis, authority: former.AuthorityPath, timeoutMs: 1000);
        (await AcceptsAsync(queues)).ShouldBeFalse();

        File.AppendAllText(former.AuthorityPath, "\n" + File.ReadAllText(_certificates.AuthorityPath));

        await EventuallyAsync(() => AcceptsAsync(queues), "a connection with the renewed authorities");
        await ServeOneAsync(queues);
    }

    [Fact]
    public async Task Tls_ServerWantsAClientCertificate_IsShownTheOneGiven()
    {
        await using var redis = await RedisServer.StartTlsOrSkipAsync(_certificates, "--tls-auth-clients", "yes");

        await using var queues = Connect(redis, "", _certificates.AuthorityPath, _certificates.Of("client.crt"), _certificates.Of("client.key"));
        await ServeOneAsync(queues);

        await using var without = Connect(redis, "", _certificates.AuthorityPath, timeoutMs: 500);
        await RefusalAsync(without);
    }

    private static IWorkQueues Connect(
        RedisServer redis, string more = "", string? authority = null, string? certificate = null, string? key = null, int timeoutMs = 5000) => WorkQueues.Connect(
        new RedisOptions
        {
            ConnectionString = redis.ConnectionString + ",ssl=true" + more, TimeoutMs = timeoutMs,
            CaCertificateFile = authority, ClientCertificateFile = certificate, ClientKeyFile = key,
        },
        name => new WorkQueueOptions { Name = name }, TimeProvider.System);
}
