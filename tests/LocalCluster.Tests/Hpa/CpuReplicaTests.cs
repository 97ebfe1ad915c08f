using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LocalCluster.Tests.Hpa;

/// <summary>The cases of Kubernetes' replica_calculator_test.go for CPU utilisation, re-expressed.</summary>
public class CpuReplicaTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // One letter a pod: r ready, u unready since its start, p pending, f failed, d being deleted. A usage of -1 is a missing sample.
    [Theory]
    [InlineData("above the target", "rrr", "300 500 700", 30, 3, 5)]
    [InlineData("unready pod counts as idle when scaling out", "urr", "300 500 700", 30, 3, 4)]
    [InlineData("unready pods turn the direction round", "ruu", "400 500 700", 30, 3, 3)]
    [InlineData("pending pod counts as idle when scaling out", "prr", "300 500 700", 30, 3, 4)]
    [InlineData("failed pods do not count", "rrff", "500 700 900 900", 30, 2, 4)]
    [InlineData("deleted pods do not count", "rrdd", "500 700 900 900", 30, 2, 4)]
    [InlineData("below the target", "rrrrr", "100 300 500 250 250", 50, 5, 3)]
    [InlineData("unready pods do not count when scaling in", "rrruu", "100 300 500 250 250", 50, 5, 2)]
    [InlineData("within the tolerance", "rrr", "1010 1030 1020", 100, 3, 3)]
    [InlineData("missing pods are fully busy when scaling in", "rrrr", "400 95 -1 -1", 100, 4, 3)]
    [InlineData("missing pod is idle when scaling out", "rr", "1000 -1", 50, 2, 2)]
    [InlineData("missing pod on target changes nothing", "rr", "1000 -1", 100, 2, 2)]
    [InlineData("a missing pod limits scale-out", "rrr", "1000 1000 -1", 50, 3, 4)]
    [InlineData("missing and unready pods together", "rrru", "900 900 -1 100", 30, 4, 6)]
    [InlineData("a missing pod counts as the target above 100%", "rrr", "400 400 -1", 200, 3, 2)]
    [InlineData("77.9% of 70% is cut to 77 and within a tenth", "r", "779", 70, 1, 1)]
    [InlineData("78% of 70% is not", "r", "780", 70, 1, 2)]
    [InlineData("99% of 90% is within", "rr", "990 990", 90, 2, 2)]
    [InlineData("100% of 90% is not", "rr", "1000 1000", 90, 2, 3)]
    public void Cpu_Utilisation_ProposesReplicas(string because, string pods, string usage, int target, int current, int expected)
    {
        Propose(pods, usage, target, current).ShouldBe(expected, because);
    }

    [Theory]
    [InlineData("no sample at all", "rr", "-1 -1")]
    [InlineData("samples of unready pods only", "uu", "500 500")]
    [InlineData("no pods", "", "")]
    public void Cpu_NothingToGoBy_ProposesNothing(string because, string pods, string usage)
    {
        Propose(pods, usage, 50, 2).ShouldBeNull(because);
    }

    [Fact]
    public void Cpu_PodWithoutRequest_ProposesNothing()
    {
        HpaPod[] pods = [Pod(0, 'r') with { CpuRequestMillicores = null }];
        Calculator().ForCpu(new(50, Samples(pods, "900")), pods, 1, Now).ShouldBeNull();
    }

    [Theory]
    [InlineData("a young pod counts only after a whole window since it became ready", 60, 10, 15, false)]
    [InlineData("and then it does", 60, 20, 15, true)]
    [InlineData("after the initialisation period a ready pod counts at once", 301, 1, 15, true)]
    public void Cpu_YoungPod_CountsAfterAWindow(string because, int ageSeconds, int readySeconds, int windowSeconds, bool counts)
    {
        var pod = new HpaPod { Name = "a", StartTime = Now.AddSeconds(-ageSeconds), Ready = true, ReadyChangedAt = Now.AddSeconds(-readySeconds) };
        var samples = new Dictionary<string, CpuSample> { ["a"] = new(900, Now, TimeSpan.FromSeconds(windowSeconds)) };
        PodGroups.Of([pod], samples, new(), Now).ReadyCount.ShouldBe(counts ? 1 : 0, because);
    }

    [Theory]
    [InlineData("never ready since its start", 20, false)]
    [InlineData("was ready once, became unready later", 300, true)]
    public void Cpu_OldUnreadyPod_IsLeftOutOnlyIfNeverReady(string because, int changedAfterSeconds, bool counts)
    {
        var start = Now.AddMinutes(-10);
        var pod = new HpaPod { Name = "a", StartTime = start, Ready = false, ReadyChangedAt = start.AddSeconds(changedAfterSeconds) };
        var samples = new Dictionary<string, CpuSample> { ["a"] = new(900, Now, TimeSpan.FromSeconds(15)) };
        PodGroups.Of([pod], samples, new(), Now).ReadyCount.ShouldBe(counts ? 1 : 0, because);
    }

    private static int? Propose(string letters, string usage, int target, int current)
    {
        HpaPod[] pods = [.. letters.Select((letter, i) => Pod(i, letter))];
        return Calculator().ForCpu(new(target, Samples(pods, usage)), pods, current, Now);
    }

    private static ReplicaCalculator Calculator() => new(new HpaControllerFlags(), 0.1, 0.1);

    private static HpaPod Pod(int index, char letter) => new()
    {
        Name = $"pod-{index}",
        Phase = letter switch { 'p' => HpaPodPhase.Pending, 'f' => HpaPodPhase.Failed, _ => HpaPodPhase.Running },
        Deleting = letter == 'd',
        StartTime = Now.AddHours(-1),
        Ready = letter != 'u',
        ReadyChangedAt = letter == 'u' ? Now.AddHours(-1) : Now.AddMinutes(-50),
    };

    private static Dictionary<string, CpuSample> Samples(HpaPod[] pods, string usage) => usage
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select((text, i) => (pods[i].Name, Millicores: long.Parse(text)))
        .Where(pair => pair.Millicores >= 0)
        .ToDictionary(pair => pair.Name, pair => new CpuSample(pair.Millicores, Now, TimeSpan.FromSeconds(15)));
}
