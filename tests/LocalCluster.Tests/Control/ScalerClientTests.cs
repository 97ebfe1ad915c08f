namespace Keda.Inference.LocalCluster.Tests.Control;

public sealed class ScalerClientTests
{
    [Fact]
    public void Metadata_ShortIntervals_LetTheScalerDecideAsOftenAsItIsAsked()
    {
        var metadata = ScalerClient.Metadata(new ClusterOptions { Poll = 1, SyncPeriod = 2, Policy = "queue-depth" });

        metadata["pollSeconds"].ShouldBe("1");
        metadata["policy"].ShouldBe("queue-depth");
        metadata["queue"].ShouldBe("resnet18");
    }

    [Fact]
    public void Metadata_SetOption_Overrides()
    {
        var metadata = ScalerClient.Metadata(new ClusterOptions
        {
            Metadata = new Dictionary<string, string> { ["pollSeconds"] = "7", ["cooldownSeconds"] = "5" },
        });

        (metadata["pollSeconds"], metadata["cooldownSeconds"]).ShouldBe(("7", "5"));
    }
}
