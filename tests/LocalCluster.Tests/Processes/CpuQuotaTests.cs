using System.Diagnostics;

namespace Keda.Inference.LocalCluster.Tests.Processes;

public sealed class CpuQuotaTests
{
    [Fact]
    public async Task Wrap_Process_RunsInsideTheCgroupWithTheQuota()
    {
        CpuQuota quota;
        try
        {
            quota = CpuQuota.Create("test", 0.5);
        }
        catch (ClusterException refused)
        {
            refused.Message.ShouldContain("--cpu-limit");
            Assert.Skip($"No cgroup can be made here: {refused.Message}");
            return;
        }

        using (quota)
        {
            var start = quota.Wrap("/bin/cat");
            start.ArgumentList.Add("/proc/self/cgroup");
            start.RedirectStandardOutput = true;
            using var process = Process.Start(start)!;
            var groups = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            groups.ShouldContain($"keda-inference-{Environment.ProcessId}-test");
        }
    }
}
