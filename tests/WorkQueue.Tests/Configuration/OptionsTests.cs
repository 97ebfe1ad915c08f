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
