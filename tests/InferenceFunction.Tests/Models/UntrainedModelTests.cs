using System.Security.Cryptography;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Models.Untrained;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization;
using Keda.Inference.InferenceFunction.Quantization.Evaluation;
using Keda.Inference.InferenceFunction.Tests.Onnx;
using Keda.Inference.Testing;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.InferenceFunction.Tests.Models;

public sealed class UntrainedModelTests(UntrainedModelTests.BuiltOnce built) : IClassFixture<UntrainedModelTests.BuiltOnce>, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Graph_HasTorchvisionsLayersAndParameters()
    {
        var graph = OnnxFile.Load(built.Model.Path).Graph;

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
    public void File_IsTheSameOnEveryMachine()
    {
        // Changes with the recipe, and then ResNet18Builder.Recipe must change too: caches know the file by it.
        ResNet18Builder.Recipe.ShouldBe("v2");
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(built.Model.Path)))
            .ShouldBe("d8cc65b0c073b62f39173c65379a1ce26f758d0c8349012ed7789aec44026f41");
    }

    [Fact]
    public void Int8_IsMadeOnceWithoutPictures_AndKeepsTwentyDecibelsOnPhotographs()
    {
        var photographs = RepositoryPaths.SharedOrSkip("images");
        var model = built.Model;
        var path = _directory.Of("resnet18.int8.onnx");
        var builds = 0;

        var quantized = UntrainedModel.GetOrQuantize(model, path, (_, _) => builds++);
        UntrainedModel.GetOrQuantize(model, path, (_, _) => builds++).ShouldBe(quantized);

        builds.ShouldBe(1);
        quantized.Precision.ShouldBe(ModelPrecision.Int8);
        quantized.IsUntrained.ShouldBeTrue();
        using var options = new SessionOptions();
        using var fp32 = new Network(OnnxRuntimeSessions.Open(model.Path, options), model);
        using var int8 = new Network(OnnxRuntimeSessions.Open(quantized.Path, options), quantized);
        var scores = new ScoreComparison();
        foreach (var picture in PictureFolder.Open(photographs, 100).Read(model, _ => { }))
            scores.Add(fp32.Scores(picture), int8.Scores(picture));
        scores.SignalToNoise!.Value.ShouldBeGreaterThan(20);
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
        File.WriteAllBytes(cache.UntrainedModel, File.ReadAllBytes(built.Model.Path)[..1_000_000]);
        var builds = 0;

        UntrainedModel.GetOrCreate(cache, (_, _) => builds++).Parameters.ShouldBe(11_689_512);

        builds.ShouldBe(1);
    }

    [Fact]
    public async Task Cache_FilledByTwoAtOnce_IsWhole()
    {
        var cache = new ModelCache(_directory.Path);

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => UntrainedModel.GetOrCreate(cache, (_, _) => { }))));

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

    /// <summary>Building takes a second, so the tests that only read share one.</summary>
    public sealed class BuiltOnce : IDisposable
    {
        private readonly TemporaryDirectory _directory = new();

        public BuiltOnce() => Model = UntrainedModel.GetOrCreate(new ModelCache(_directory.Path), (_, _) => { });

        internal ModelInfo Model { get; }

        public void Dispose() => _directory.Dispose();
    }
}
