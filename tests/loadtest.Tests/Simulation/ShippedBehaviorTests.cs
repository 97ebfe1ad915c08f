using Keda.Inference.LoadTest.Comparison.Kubernetes;
using Keda.Inference.LocalCluster.Hpa;
using Keda.Inference.Testing;

namespace Keda.Inference.LoadTest.Tests.Simulation;

/// <summary>What is simulated and run locally is what a cluster gets.</summary>
public sealed class ShippedBehaviorTests
{
    [Theory]
    [InlineData("queue-proportional")]
    [InlineData("queue-depth")]
    [InlineData("slo")]
    [InlineData("cpu-70")]
    [InlineData("cpu-90")]
    public void HpaBehavior_OfAPolicy_HasTheWindowsOfItsScaledObject(string policy)
    {
        var shipped = ScaledObjectFile.Read(RepositoryPaths.Of("keda"), policy).Object["spec"]!["advanced"]!["horizontalPodAutoscalerConfig"]!["behavior"]!;
        var behavior = HpaBehavior.Of(policy);
        behavior.ScaleUp.StabilizationWindow.ShouldBe(Window("scaleUp"));
        behavior.ScaleDown.StabilizationWindow.ShouldBe(Window("scaleDown"));

        TimeSpan Window(string direction) => TimeSpan.FromSeconds((long)shipped[direction]!["stabilizationWindowSeconds"]!);
    }
}
