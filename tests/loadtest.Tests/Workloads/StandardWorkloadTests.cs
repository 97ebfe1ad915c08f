using Keda.Inference.Testing;

namespace Keda.Inference.LoadTest.Tests.Workloads;

public class StandardWorkloadTests
{
    [Fact]
    public void WorkloadFile_IsWhatTheRecipeGives()
    {
        var text = File.ReadAllText(RepositoryPaths.Of("loadtest", "workload.txt")).ReplaceLineEndings("\n");
        text.ShouldBe(StandardWorkloadRecipe.Text());
    }

    [Fact]
    public void WorkloadFile_HasTheReportsShape()
    {
        var rates = StandardWorkloadRecipe.Rates();
        (rates.Length, rates.Sum(), rates.Min(), rates.Max()).ShouldBe((630, 9917, 4, 44));
        rates[..254].Average().ShouldBe(7, 0.3);
        rates[254].ShouldBeGreaterThan(14);
        rates[270..400].Average().ShouldBe(35, 1.5);
        rates[500..].Average().ShouldBe(8, 0.5);
    }
}
