using Keda.Inference.InferenceFunction.Sessions;

namespace Keda.Inference.InferenceFunction.Tests.Sessions;

public sealed class CpuLimitTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cpu-limit-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Quota_VersionTwo_IsTheTightestOnTheWayDown()
    {
        Write("proc/self/cgroup", "0::/kubepods/pod1/worker\n");
        Write("sys/fs/cgroup/kubepods/cpu.max", "150000 100000\n");
        Write("sys/fs/cgroup/kubepods/pod1/worker/cpu.max", "max 100000\n");
        CpuLimit.Quota(_root).ShouldBe(1.5);
    }

    [Fact]
    public void Quota_ContainersOwnRoot_IsReadThere()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/cpu.max", "50000 100000\n");
        CpuLimit.Quota(_root).ShouldBe(0.5);
    }

    [Fact]
    public void Quota_VersionOne_IsReadFromTheCpuController()
    {
        Write("proc/self/cgroup", "5:memory:/x\n4:cpu,cpuacct:/docker/abc\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
        Write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "200000\n");
        Write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");
        CpuLimit.Quota(_root).ShouldBe(2);
    }

    [Fact]
    public void Quota_None_IsUnknown() => CpuLimit.Quota(_root).ShouldBeNull();

    [Theory]
    [InlineData(null, 4, 4)]
    [InlineData(0.5, 4, 1)]
    [InlineData(1.9, 4, 1)]
    [InlineData(3.0, 2, 2)]
    public void WholeCores_NeverMoreThanTheQuotaCarries(double? quota, int processors, int expected) =>
        CpuLimit.WholeCores(quota, processors).ShouldBe(expected);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
