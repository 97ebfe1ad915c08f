using System.Diagnostics;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.FaultWorker;

/// <summary>Answers every job at once and dies, as by SIGKILL, on a job whose request id begins with "poison".</summary>
internal static class PoisonedWorker
{
    public static async Task RunAsync(IWorkQueue queue, string id)
    {
        var payload = Answers.Served(TimeSpan.Zero, TimeSpan.Zero);
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
    }
}
