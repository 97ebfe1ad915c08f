using Grpc.Core;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.ExternalScaler.Inspection;
using Keda.Inference.ExternalScaler.Tests.Support;
using Keda.Inference.ExternalScaler.Tls;
using Keda.Inference.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Contract = Keda.Inference.ExternalScaler.Protos.ExternalScaler;

namespace Keda.Inference.ExternalScaler.Tests.Tls;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public TlsTests()
    {
        _certificates.Sign("server", "scaler");
        _certificates.Sign("client", "keda-operator");
    }

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Call_OverTls_IsAnsweredToWhoTrustsTheAuthority()
    {
        await using var scaler = await StartAsync();

        (await AskAsync(scaler, authority: _certificates.AuthorityPath)).ShouldBe("keda-inference-secure");
        await Should.ThrowAsync<RpcException>(() => AskAsync(scaler, authority: null));
    }

    [Fact]
    public async Task Call_MutualTls_NeedsACertificateOfTheAuthority()
    {
        using var strangers = new TestCertificates();
        strangers.Sign("client", "keda-operator");
        await using var scaler = await StartAsync($"--Scaler:Tls:ClientCaPath={_certificates.AuthorityPath}");

        (await AskAsync(scaler, _certificates.AuthorityPath, _certificates.Of("client"))).ShouldBe("keda-inference-secure");
        await Should.ThrowAsync<RpcException>(() => AskAsync(scaler, _certificates.AuthorityPath));
        await Should.ThrowAsync<RpcException>(() => AskAsync(scaler, _certificates.AuthorityPath, strangers.Of("client")));
    }

    [Fact]
    public void ForConnection_FilesChange_ServesTheNewOnes()
    {
        var time = new FakeTimeProvider();
        var files = new TlsFiles(Options(), time);
        Subject(files).ShouldBe("CN=scaler");

        _certificates.Sign("server", "renewed-scaler");
        time.Advance(TimeSpan.FromSeconds(2));

        Subject(files).ShouldBe("CN=renewed-scaler");
    }

    [Fact]
    public void ForConnection_FilesBreak_KeepsTheFormerOnes()
    {
        var time = new FakeTimeProvider();
        var files = new TlsFiles(Options(), time);

        File.WriteAllText(_certificates.Of("server.crt"), "half a certifi");
        time.Advance(TimeSpan.FromSeconds(2));

        Subject(files).ShouldBe("CN=scaler");
    }

    [Fact]
    public void Build_KeyOfAnotherCertificate_IsOneClearError()
    {
        var error = Should.Throw<OptionsValidationException>(() => ScalerHost.Build(
        [
            $"--Scaler:Tls:CertificatePath={_certificates.Of("server.crt")}", $"--Scaler:Tls:KeyPath={_certificates.Of("client.key")}",
        ]));

        error.Failures.ShouldHaveSingleItem().ShouldStartWith("Scaler:Tls names files that cannot be used");
    }

    private ScalerTlsOptions Options() =>
        new() { CertificatePath = _certificates.Of("server.crt"), KeyPath = _certificates.Of("server.key") };

    private Task<ScalerUnderTest> StartAsync(params string[] args) => ScalerUnderTest.StartAsync(
        "127.0.0.1:1",
        [
            $"--Scaler:Tls:CertificatePath={_certificates.Of("server.crt")}", $"--Scaler:Tls:KeyPath={_certificates.Of("server.key")}", .. args,
        ]);

    private static async Task<string> AskAsync(ScalerUnderTest scaler, string? authority, string? client = null)
    {
        using var channel = InspectChannel.Open(new InspectClientOptions(
            scaler.GrpcAddress, authority, client is null ? null : $"{client}.crt", client is null ? null : $"{client}.key",
            TimeSpan.FromSeconds(10)));
        var response = await new Contract.ExternalScalerClient(channel).GetMetricSpecAsync(
            ScalerUnderTest.Ref("secure", ("enableTLS", "true")), cancellationToken: TestContext.Current.CancellationToken);
        return response.MetricSpecs[0].MetricName;
    }

    private static string Subject(TlsFiles files) => files.ForConnection().ServerCertificateContext!.TargetCertificate.Subject;
}
