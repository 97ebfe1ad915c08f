using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison.Local;
using Keda.Inference.LoadTest.Local;

namespace Keda.Inference.LoadTest.Tests.Comparison;

public sealed class LocalPolicyTests
{
    private static readonly LocalClusterSettings Common = new() { Min = 1, Max = 6, CpuLimit = 0.5 };

    [Fact]
    public void Settings_Slo_GetsTheComparisonsTargetUnlessSet()
    {
        LocalPolicy.Settings("slo", Common, [], 400, fastLane: true).Metadata.ShouldBe(["targetLatencyMs=400", "fastLane=true"]);
        LocalPolicy.Settings("slo", Common, ["slo.targetLatencyMs=250", "queue-depth.targetQueueLength=3"], 400, fastLane: false)
            .Metadata.ShouldBe(["targetLatencyMs=250"]);
    }

    [Theory]
    [InlineData("static-3", 3, 3)]
    [InlineData("static-max", 6, 6)]
    public void Settings_Static_IsAClusterWithoutScaling(string policy, int min, int max)
    {
        var settings = LocalPolicy.Settings(policy, Common, [], 500, false);
        (settings.Policy, settings.Min, settings.Max).ShouldBe(("none", min, max));
    }

    [Fact]
    public void Settings_UnknownPolicy_SaysWhatThereIs() =>
        Should.Throw<UsageException>(() => LocalPolicy.Settings("cpu-55", Common, [], 500, false)).Message.ShouldContain("cpu-70");

    [Fact]
    public void ToArguments_Settings_AreLocalClustersOwnOptions() =>
        string.Join(' ', LocalPolicy.Settings("queue-depth", Common, ["queue-depth.targetQueueLength=3"], 500, false).ToArguments(1, 2, 3)).ShouldBe(
            "--port 1 --scaler-port 2 --scaler-http-port 3 --policy queue-depth --min 1 --max 6 --sync-period 15 --poll 15 --cpu-limit 0.5 --set targetQueueLength=3");
}
