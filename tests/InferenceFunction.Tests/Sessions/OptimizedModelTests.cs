using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.InferenceFunction.Tests.Serving;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keda.Inference.InferenceFunction.Tests.Sessions;

public sealed class OptimizedModelTests : IDisposable
{
    private readonly TinyModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Load_Twice_OptimisesOnce()
    {
        Load().Dispose();
        var kept = Kept().ShouldHaveSingleItem();
        var written = File.GetLastWriteTimeUtc(kept);
        Load().Dispose();
        Kept().ShouldBe([kept]);
        File.GetLastWriteTimeUtc(kept).ShouldBe(written);
    }

    [Fact]
    public void Load_DamagedCopy_IsMadeAnew()
    {
        Load().Dispose();
        var kept = Kept().Single();
        File.WriteAllText(kept, "no model");
        using var classifier = Load();
        using var buffer = classifier.CreateBuffer();
        buffer.Input(0).Fill(0.1f);
        buffer.Run(1);
        buffer.Output(0)[0].ShouldBe(1, 1e-3f);
        new FileInfo(kept).Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Load_NotToBeKept_LeavesNoCopy()
    {
        Load(new RuntimeOptions { Threads = 1, KeepOptimized = false }).Dispose();
        Kept().ShouldBeEmpty();
    }

    [Fact]
    public void Load_ResizeBelowTheModelsInput_SaysSo() =>
        Should.Throw<ModelException>(() => Load(preprocess: new PreprocessOptions { Resize = 128 }))
            .Message.ShouldContain("Preprocess:Resize is 128: it must be at least 224");

    [Fact]
    public void Load_FixedBatchBelowMaxBatch_SaysSo()
    {
        using var model = new TinyModel(batch: 1);
        Should.Throw<ModelException>(() => Load(of: model, maxBatch: 4)).Message.ShouldContain("Worker:MaxBatch is 4");
    }

    private string[] Kept() => Directory.GetFiles(_model.Folder, "*.optimized-*.onnx");

    private Classifier Load(RuntimeOptions? runtime = null, PreprocessOptions? preprocess = null, TinyModel? of = null, int maxBatch = 1)
    {
        var model = of ?? _model;
        return new ClassifierLoader(
            runtime ?? new RuntimeOptions { Threads = 1 }, preprocess ?? new PreprocessOptions(), NullLogger<ClassifierLoader>.Instance)
            .Load(ModelInspector.Inspect(model.Path), model.Options, maxBatch);
    }
}
