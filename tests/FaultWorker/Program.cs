using System.Diagnostics;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

// A worker that answers every job at once and dies, as by SIGKILL, on a job whose request id begins with "poison".
var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
var services = new ServiceCollection();
services.AddWorkQueue(configuration);
await using var provider = services.BuildServiceProvider();
var queue = provider.GetRequiredService<IWorkQueues>().Open(configuration["Queue:Name"]!);
var payload = new InferenceResult(
    new ModelIdentity("fault-worker", "none", "fp32"), [new ClassPrediction(0, "served", 1)], new StageTimings(0, 0, 0)).ToPayload();
var id = configuration["Worker:Id"]!;
while (true)
{
    foreach (var job in await queue.ClaimAsync(id, 1, CancellationToken.None))
    {
        if (job.RequestId?.StartsWith("poison", StringComparison.Ordinal) == true)
            Process.GetCurrentProcess().Kill();
        await queue.CompleteAsync(job, payload, TimeSpan.FromMilliseconds(1), CancellationToken.None);
    }

    await queue.WaitForWorkAsync(CancellationToken.None);
}
