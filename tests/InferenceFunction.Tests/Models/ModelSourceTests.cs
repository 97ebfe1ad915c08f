using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization;
using Keda.Inference.InferenceFunction.Tests.Onnx;
using Microsoft.Extensions.Logging.Abstractions;

namespace Keda.Inference.InferenceFunction.Tests.Models;

public sealed class ModelSourceTests : IDisposable
{
    private readonly TemporaryDirectory _cache = new();

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void GivenPath_IsTaken()
    {
        var path = _cache.Of("mine.onnx");
        OnnxFile.Save(SmallModels.Pooled(), path);

        Resolve(new ModelOptions { Path = path }).Name.ShouldBe("mine");
    }

    [Fact]
    public void NoPath_TakesTheFetchedModel()
    {
        OnnxFile.Save(SmallModels.Pooled(), _cache.Of("resnet18-v1-7.onnx"));

        var model = Resolve(new ModelOptions());

        model.Name.ShouldBe("resnet18-v1-7");
        model.IsUntrained.ShouldBeFalse();
    }

    [Fact]
    public void Int8WithAQuantizedFileBeside_TakesThat()
    {
        OnnxFile.Save(SmallModels.Pooled(), _cache.Of("mine.onnx"));
        var quantized = SmallModels.Pooled();
        quantized.Graph.Node.Insert(0, new NodeProto { OpType = "QuantizeLinear", Input = { "input" }, Output = { "q" } });
        OnnxFile.Save(quantized, _cache.Of("mine.int8.onnx"));

        var model = Resolve(new ModelOptions { Path = _cache.Of("mine.onnx"), Precision = ModelPrecision.Int8 });

        model.Precision.ShouldBe(ModelPrecision.Int8);
        model.Path.ShouldBe(_cache.Of("mine.int8.onnx"));
        model.Name.ShouldBe("mine");
    }

    [Fact]
    public void Int8WithoutAQuantizedFile_SaysTheCommandThatMakesIt()
    {
        OnnxFile.Save(SmallModels.Pooled(), _cache.Of("mine.onnx"));

        var options = new ModelOptions { Path = _cache.Of("mine.onnx"), Precision = ModelPrecision.Int8 };

        Should.Throw<ModelException>(() => Resolve(options)).Message.ShouldContain($"model quantize --model {_cache.Of("mine.onnx")} --calibrate FOLDER");
    }

    [Fact]
    public void Int8FileOfAnotherModel_IsRefusedWithBothWeights()
    {
        OnnxFile.Save(SmallModels.Residual(), _cache.Of("mine.onnx"));
        var before = ModelInspector.Inspect(_cache.Of("mine.onnx"));
        var quantized = new ModelQuantizer(new QuantizationSettings()).Run(before, [new float[3 * 224 * 224]], CancellationToken.None);
        OnnxFile.Save(quantized.Model, _cache.Of("mine.int8.onnx"));
        var options = new ModelOptions { Path = _cache.Of("mine.onnx"), Precision = ModelPrecision.Int8 };
        Resolve(options).QuantizedFrom.ShouldBe(before.Weights);

        var retrained = SmallModels.Residual();
        retrained.Graph.DocString = "trained further";
        OnnxFile.Save(retrained, _cache.Of("mine.onnx"));

        var now = ModelInspector.Inspect(_cache.Of("mine.onnx")).Weights;
        Should.Throw<ModelException>(() => Resolve(options)).Message
            .ShouldContain($"was made from a model with the weights {before.Weights}; {_cache.Of("mine.onnx")} has {now}: make it with 'model quantize");
    }

    [Fact]
    public void Int8FileThatIsFp32_IsRefused()
    {
        OnnxFile.Save(SmallModels.Pooled(), _cache.Of("mine.onnx"));
        OnnxFile.Save(SmallModels.Pooled(), _cache.Of("mine.int8.onnx"));

        var options = new ModelOptions { Path = _cache.Of("mine.onnx"), Precision = ModelPrecision.Int8 };

        Should.Throw<ModelException>(() => Resolve(options)).Message.ShouldContain("mine.int8.onnx is no int8 model");
    }

    [Fact]
    public void QuantizedPath_IsServedWhateverThePrecision()
    {
        var model = SmallModels.Pooled();
        model.Graph.Node.Insert(0, new NodeProto { OpType = "QuantizeLinear", Input = { "input" }, Output = { "q" } });
        OnnxFile.Save(model, _cache.Of("q.onnx"));

        Resolve(new ModelOptions { Path = _cache.Of("q.onnx") }).Precision.ShouldBe(ModelPrecision.Int8);
    }

    private ModelInfo Resolve(ModelOptions options)
    {
        options.CacheDirectory = _cache.Path;
        return new ModelSource(options, NullLogger<ModelSource>.Instance).Resolve();
    }
}
