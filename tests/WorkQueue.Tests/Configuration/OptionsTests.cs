using Keda.Inference.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Keda.Inference.WorkQueue.Tests.Configuration;

public sealed class OptionsTests
{
    [Fact]
    public void AddWorkQueue_SeveralWrongOptions_NamesThemAllAtOnceAndNoSecret()
    {
        var wrong = Should.Throw<OptionsValidationException>(() => Add(
            ("Redis:ConnectionString", "localhost,password=hush,nonsense=1"), ("Queue:Name", "Bad Name"), ("Queue:LeaseSeconds", "0"), ("Queue:MaxDepth", "-1")));

        wrong.Failures.Count().ShouldBe(4);
        wrong.Message.ShouldContain("Queue:Name is 'Bad Name'; it must be 1 to 63 of a-z, 0-9, '-' and '.'.");
        wrong.Message.ShouldContain("Queue:LeaseSeconds is 0; it must be from 0.1 to 3600.");
        wrong.Message.ShouldContain("Queue:MaxDepth is -1");
        wrong.Message.ShouldContain("Redis:ConnectionString");
        wrong.Message.ShouldNotContain("hush");
    }

    [Fact]
    public void AddWorkQueue_NotANumber_NamesTheKey()
    {
        var wrong = Should.Throw<OptionsValidationException>(() => Add(("Queue:MaxDepth", "many")));

        wrong.Message.ShouldContain("Queue:MaxDepth");
    }

    [Fact]
    public void AddWorkQueue_WrongRulesOfNamedQueues_NamesThemAllAtOnce()
    {
        var wrong = Should.Throw<OptionsValidationException>(() => Add(
            ("Queue:MaxDepth", "0"), ("Queues:resnet18:MaxDepth", "0"), ("Queues:resnet18:LeaseSeconds", "0"), ("Queues:other:MaxAttempts", "many"),
            ("Queues:Bad_Name:MaxDepth", "5"), ("Queues:GOOD:MaxDepth", "5")));

        wrong.Failures.Count().ShouldBe(5);
        wrong.Failures.ShouldContain("Queue:MaxDepth is 0; it must be from 1 to 1000000.");
        wrong.Failures.ShouldContain("Queues:resnet18:MaxDepth is 0; it must be from 1 to 1000000.");
        wrong.Failures.ShouldContain("Queues:resnet18:LeaseSeconds is 0; it must be from 0.1 to 3600.");
        wrong.Failures.ShouldContain(failure => failure.Contains("Queues:other:MaxAttempts", StringComparison.Ordinal));
        wrong.Failures.ShouldContain("Queues:Bad_Name is no queue; its name must be 1 to 63 of a-z, 0-9, '-' and '.'.");
    }

    [Fact]
    public void AddWorkQueue_UnusableCertificates_NamesEachFileAndWhatItMustBe()
    {
        using var certificates = new TestCertificates();
        certificates.Sign("client", "worker");
        const string Tls = "localhost:6379,ssl=true";
        Failure(("Redis:ConnectionString", Tls), ("Redis:CaCertificateFile", "/no/such.pem"))
            .ShouldStartWith("Redis:CaCertificateFile is '/no/such.pem'; it must be a PEM file with the authority's certificate: ");
        Failure(("Redis:ConnectionString", Tls), ("Redis:CaCertificateFile", certificates.Of("client.key"))).ShouldEndWith("it holds no certificate.");
        Failure(("Redis:CaCertificateFile", certificates.AuthorityPath))
            .ShouldBe("Redis:CaCertificateFile is set, but Redis:ConnectionString does not say ssl=true: nothing would be encrypted.");
        Failure(("Redis:ConnectionString", Tls), ("Redis:ClientCertificateFile", certificates.Of("client.crt")))
            .ShouldBe("Redis:ClientCertificateFile and Redis:ClientKeyFile belong together; give both or neither.");
        Failure(("Redis:ConnectionString", Tls), ("Redis:ClientCertificateFile", certificates.Of("ca.crt")), ("Redis:ClientKeyFile", certificates.Of("client.key")))
            .ShouldStartWith("Redis:ClientCertificateFile and Redis:ClientKeyFile must be a certificate and its key in PEM: ");
        Add(
            ("Redis:ConnectionString", Tls), ("Redis:CaCertificateFile", certificates.AuthorityPath),
            ("Redis:ClientCertificateFile", certificates.Of("client.crt")), ("Redis:ClientKeyFile", certificates.Of("client.key")));

        static string Failure(params (string, string)[] settings) =>
            Should.Throw<OptionsValidationException>(() => Add(settings)).Failures.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Open_QueueWithOverrides_UsesThemForThatQueueAlone()
    {
        await using var provider = Add(("Queue:MaxDepth", "10"), ("Queues:special:MaxDepth", "20"), ("Queue:Order", "fifo")).BuildServiceProvider();
        var queues = provider.GetRequiredService<IWorkQueues>();

        queues.Open("special").Options.MaxDepth.ShouldBe(20);
        queues.Open("plain").Options.MaxDepth.ShouldBe(10);
        queues.Open("special").Options.Order.ShouldBe(ServiceOrder.Fifo);
        Should.Throw<ArgumentException>(() => queues.Open("No Good"));
    }

    private static ServiceCollection Add(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection();
        services.AddWorkQueue(configuration);
        return services;
    }
}
