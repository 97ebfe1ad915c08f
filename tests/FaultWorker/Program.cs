using Keda.Inference.FaultWorker;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

// A worker without a model: what it does to a job, and how long that takes, is up to the test.
var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
var services = new ServiceCollection();
services.AddWorkQueue(configuration);
await using var provider = services.BuildServiceProvider();
var queue = provider.GetRequiredService<IWorkQueues>().Open(configuration["Queue:Name"]!);
var id = configuration["Worker:Id"]!;
if (configuration.GetValue<double?>("Timed:ServiceSeconds") is { } seconds)
{
    using var worker = new TimedWorker(queue, id, TimeSpan.FromSeconds(seconds), TimeProvider.System);
    await worker.RunAsync(configuration.GetValue("Timed:StartupSeconds", 0.0));
}
else
{
    await PoisonedWorker.RunAsync(queue, id);
}
