using System.Security.Cryptography;
using Google.Protobuf;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Models.Untrained;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Tests.Onnx;

namespace Keda.Inference.InferenceFunction.Tests.Models;

public sealed class UntrainedModelTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Graph_HasTorchvisionsLayersAndParameters()
    {
        var graph = ResNet18Builder.Build().Graph;

        graph.Node.Count(node => node.OpType == "Conv").ShouldBe(20);
        graph.Node.Count(node => node.OpType == "BatchNormalization").ShouldBe(20);
        graph.Node.Count(node => node.OpType == "Gemm").ShouldBe(1);
        graph.Node.Count(node => node.OpType == "Add").ShouldBe(8);
        graph.Node.Count(node => node.OpType == "Relu").ShouldBe(17);
        graph.Initializer
            .Where(tensor => !tensor.Name.Contains(".running_"))
            .Sum(tensor => Tensors.Count(tensor.Dims)).ShouldBe(11_689_512);
    }

    [Fact]
    public void Cache_WithNoFile_IsFilledAndThenUsed()
    {
        var cache = new ModelCache(_directory.Path);
        var builds = 0;

        var first = UntrainedModel.GetOrCreate(cache, (_, _) => builds++);
        var second = UntrainedModel.GetOrCreate(cache, (_, _) => builds++);

        builds.ShouldBe(1);
        first.ShouldBe(second);
        first.IsUntrained.ShouldBeTrue();
        first.Name.ShouldBe("resnet18");
        first.Classes.ShouldBe(1000);
        first.FixedBatch.ShouldBeNull();
        first.Parameters.ShouldBe(11_689_512);
    }

    [Fact]
    public void Cache_WithADamagedFile_IsRepaired()
    {
        var cache = new ModelCache(_directory.Path);
        UntrainedModel.GetOrCreate(cache, (_, _) => { });
        using (var file = File.OpenWrite(cache.UntrainedModel))
            file.SetLength(1_000_000);
        var builds = 0;

        UntrainedModel.GetOrCreate(cache, (_, _) => builds++).Parameters.ShouldBe(11_689_512);

        builds.ShouldBe(1);
    }

    [Fact]
    public async Task Cache_FilledByFourAtOnce_IsWhole()
    {
        var cache = new ModelCache(_directory.Path);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => UntrainedModel.GetOrCreate(cache, (_, _) => { }))));

        Directory.GetFiles(_directory.Path).ShouldBe([cache.UntrainedModel]);
        ModelInspector.Inspect(cache.UntrainedModel).Parameters.ShouldBe(11_689_512);
    }

    [Fact]
    public void Normal_HasMeanZeroAndVarianceOne()
    {
        var normal = new SeededNormal(7);
        var values = Enumerable.Range(0, 200_000).Select(_ => normal.Next()).ToArray();

        values.Average().ShouldBe(0, 0.01);
        values.Average(value => value * value).ShouldBe(1, 0.02);
        values.Average(value => Math.Pow(value, 4)).ShouldBe(3, 0.1);
    }

    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.3)]
    [InlineData(0.999999)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Log_AgreesWithTheLibrarys(double x) => SeededNormal.Log(x).ShouldBe(Math.Log(x), 1e-14 * Math.Max(1, Math.Abs(Math.Log(x))));
}
