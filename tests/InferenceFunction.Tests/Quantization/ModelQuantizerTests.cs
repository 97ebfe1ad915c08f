using Google.Protobuf;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization;
using Keda.Inference.InferenceFunction.Quantization.Calibration;
using Keda.Inference.InferenceFunction.Quantization.Evaluation;
using Keda.Inference.InferenceFunction.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.InferenceFunction.Tests.Quantization;

public sealed class ModelQuantizerTests : IDisposable
{
    private const int Picture = 3 * 224 * 224;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Forms => ["torch", "torch exported", "zoo", "fixed batch"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Quantized_WhateverItsForm_IsAllBytesInsideAndCloseToFp32(string form)
    {
        var path = Saved(Model(form));

        var quantized = Quantize(path);

        quantized.Weighted.ShouldBe(4);
        quantized.KeptInFp32.ShouldBeEmpty();
        Kernels(quantized.Model).ShouldBe(
            ["Flatten", "NhwcMaxPool", "QGemm", "QLinearAdd", "QLinearConv", "QLinearConv", "QLinearConv", "QLinearGlobalAveragePool", "QuantizeLinear"]);
        Compared(path, quantized.Model).SignalToNoise!.Value.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void Quantized_KeepsBatchDynamic_AndMetadata()
    {
        var model = SmallModels.Residual();
        model.MetadataProps.Add(new StringStringEntryProto { Key = ModelInspector.WeightsKey, Value = ModelInfo.Untrained });

        var info = ModelInspector.Inspect(Saved(Quantize(Saved(model)).Model, "model.int8.onnx"));

        info.FixedBatch.ShouldBeNull();
        info.Precision.ShouldBe(ModelPrecision.Int8);
        info.IsUntrained.ShouldBeTrue();
        info.Name.ShouldBe("model");
    }

    [Fact]
    public void Percentile_WorksToo()
    {
        var path = Saved(SmallModels.Residual());
        var settings = new QuantizationSettings { Method = CalibrationMethod.Percentile, Percentile = 99.99 };

        Compared(path, Quantize(path, settings).Model).SignalToNoise!.Value.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void SevenBitWeights_AreWithin63()
    {
        var quantized = Quantize(Saved(SmallModels.Residual()), new QuantizationSettings { WeightBits = 7 });

        var weights = quantized.Model.Graph.Initializer.Where(tensor => tensor.Name.EndsWith("_weight_quantized", StringComparison.Ordinal)).ToList();
        weights.Count.ShouldBe(4);
        weights.Max(tensor => tensor.RawData.Max(value => Math.Abs((int)(sbyte)value))).ShouldBe(63);
    }

    [Fact]
    public void FirstAndLast_CanBeKept()
    {
        var quantized = Quantize(Saved(SmallModels.Residual()), new QuantizationSettings { KeepFirst = true, KeepLast = true });

        quantized.Weighted.ShouldBe(2);
        quantized.KeptInFp32["Conv (asked for)"].ShouldBe(1);
        quantized.KeptInFp32["Gemm (asked for)"].ShouldBe(1);
        Kernels(quantized.Model).Count(kernel => kernel == "QLinearConv").ShouldBe(2);
    }

    [Fact]
    public void UnknownOperator_StaysInFp32AndIsNamed()
    {
        var model = SmallModels.Residual();
        var relu = model.Graph.Node.Single(node => node.Name == "relu1");
        relu.OpType = "Mish";
        model.OpsetImport[0].Version = 18;
        var path = Saved(model);

        var quantized = Quantize(path);

        quantized.KeptInFp32.ShouldBe(new Dictionary<string, int> { ["Mish"] = 1 });
        quantized.Weighted.ShouldBe(4);
        Compared(path, quantized.Model).SignalToNoise!.Value.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void OperatorsWhoseFormChanged_AreRewrittenOnTheWayToOpset13()
    {
        var model = SmallModels.ResidualOfOpset7();
        var nodes = model.Graph.Node;
        // Limits as attributes, as in a ReLU6.
        var clip = nodes.Single(node => node.Name == "relu1");
        clip.OpType = "Clip";
        clip.With("min", 0f).With("max", 6f);
        // Padding of its own before a convolution without any.
        var conv = nodes.Single(node => node.Name == "conv2");
        conv.Remove("pads");
        nodes.Insert(nodes.IndexOf(conv), new NodeProto { OpType = "Pad", Input = { conv.Input[0] }, Output = { "padded" } }
            .With("pads", 0, 0, 1, 1, 0, 0, 1, 1));
        conv.Input[0] = "padded";
        // Axes as an attribute, a dropout, and a softmax that flattens.
        var flatten = nodes.Single(node => node.Name == "flatten");
        flatten.OpType = "Squeeze";
        flatten.Attribute.Clear();
        flatten.With("axes", 2, 3);
        var gemm = nodes.Single(node => node.Name == "fc");
        nodes.Insert(nodes.IndexOf(gemm), new NodeProto { OpType = "Dropout", Input = { gemm.Input[0] }, Output = { "dropped" } }.With("ratio", 0.5f));
        gemm.Input[0] = "dropped";
        gemm.Output[0] = "scores";
        nodes.Add(new NodeProto { OpType = "Softmax", Input = { "scores" }, Output = { "output" } });
        var path = Saved(model);

        var quantized = Quantize(path);

        quantized.UnknownToLift.ShouldBeEmpty();
        quantized.KeptInFp32.ShouldBe(new Dictionary<string, int> { ["Pad"] = 1, ["Softmax"] = 1 });
        Compared(path, quantized.Model).SignalToNoise!.Value.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void OperatorNotKnownToTheLift_IsTakenOverAndNamed()
    {
        var model = SmallModels.ResidualOfOpset7();
        model.Graph.Node.Single(node => node.Name == "relu1").OpType = "Softsign";
        var path = Saved(model);

        var quantized = Quantize(path);

        quantized.UnknownToLift.ShouldBe(["Softsign"]);
        quantized.KeptInFp32.ShouldContainKey("Softsign");
        Compared(path, quantized.Model).SignalToNoise!.Value.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void NormalizationThatNoConvolutionPrecedes_StaysAndIsNamed()
    {
        var model = SmallModels.Residual();
        var conv = model.Graph.Node.Single(node => node.Name == "conv1");
        // Another reader of the convolution's output: folding would change what it reads.
        model.Graph.Output.Add(SmallModels.Value("conv1", "N", 16, 28, 28));
        conv.Output[0].ShouldBe("conv1");
        var path = Saved(model);

        var quantized = Quantize(path);

        quantized.FoldedNormalizations.ShouldBe(2);
        quantized.KeptInFp32.ShouldContainKey("BatchNormalization");
        Compared(path, quantized.Model).SignalToNoise!.Value.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void QuantizedModel_IsNotQuantizedAgain()
    {
        var quantized = Saved(Quantize(Saved(SmallModels.Residual())).Model, "q.onnx");

        Should.Throw<ModelException>(() => Quantize(quantized)).Message.ShouldContain("is quantised already");
    }

    [Fact]
    public void NoWeights_IsOneClearError()
    {
        var graph = new GraphProto { Node = { new NodeProto { OpType = "GlobalMaxPool", Input = { "input" }, Output = { "output" } } } };
        graph.Input.Add(SmallModels.Value("input", "N", 3, 224, 224));
        graph.Output.Add(SmallModels.Value("output", "N", 3, 1, 1));

        Should.Throw<ModelException>(() => Quantize(Saved(SmallModels.Wrap(graph)))).Message
            .ShouldContain("has no convolution or fully connected layer with constant weights (its operators: GlobalMaxPool)");
    }

    [Fact]
    public void NormalizationOfAnotherWidth_IsOneClearError()
    {
        var model = SmallModels.Residual();
        foreach (var part in (string[])["weight", "bias", "running_mean", "running_var"])
        {
            var tensor = model.Graph.Initializer.Single(tensor => tensor.Name == $"bn1.{part}");
            tensor.MergeFrom(Tensors.Floats(tensor.Name, new float[4]));
            tensor.Dims.Clear();
            tensor.Dims.Add(4);
        }

        Should.Throw<ModelException>(() => Quantize(Saved(model))).Message
            .ShouldContain("the normalisation 'bn1' has 4 channels, and the convolution 'conv1' before it 16");
    }

    [Fact]
    public void OpsetBelow7_IsOneClearError()
    {
        var model = SmallModels.Residual();
        model.OpsetImport[0].Version = 6;

        Should.Throw<ModelException>(() => Quantize(Saved(model))).Message.ShouldContain("it is of opset 6; opset 7 is the oldest");
    }

    private static ModelProto Model(string form) => form switch
    {
        "torch exported" => Exported(),
        "zoo" => SmallModels.ResidualOfOpset7(),
        "fixed batch" => SmallModels.Residual(batch: 2),
        _ => SmallModels.Residual(),
    };

    // Folded, one weight a Constant node, one bias shared by way of an Identity: so PyTorch writes them.
    private static ModelProto Exported()
    {
        var model = SmallModels.Residual();
        InferenceFunction.Quantization.Preparation.BatchNormFolding.Apply(model.Graph).ShouldBe(3);
        var graph = model.Graph;
        var conv = graph.Node.Single(node => node.Name == "conv1");
        var weights = graph.Initializer.Single(tensor => tensor.Name == conv.Input[1]);
        graph.Initializer.Remove(weights);
        var constant = new NodeProto { OpType = "Constant", Output = { weights.Name } };
        constant.Attribute.Add(new AttributeProto { Name = "value", T = weights, Type = AttributeProto.Types.AttributeType.Tensor });
        graph.Node.Insert(0, constant);
        graph.Node.Insert(0, new NodeProto { OpType = "Identity", Input = { conv.Input[2] }, Output = { "shared_bias" } });
        conv.Input[2] = "shared_bias";
        return model;
    }

    private static QuantizedModel Quantize(string path, QuantizationSettings? settings = null) =>
        new ModelQuantizer(settings ?? new QuantizationSettings()).Run(ModelInspector.Inspect(path), Pictures(0, 4), CancellationToken.None);

    private static IEnumerable<float[]> Pictures(int from, int count) => Enumerable.Range(from, count).Select(seed =>
    {
        // Coloured noise of another strength and tint in each: what differs between pictures must reach the scores.
        var random = new Random(seed);
        var tint = new[] { random.NextSingle(), random.NextSingle(), random.NextSingle() };
        var strength = random.NextSingle() + 0.2f;
        return Enumerable.Range(0, Picture)
            .Select(i => ((random.NextSingle() * strength) + tint[i / (224 * 224)] - 0.7f) * 2.5f)
            .ToArray();
    });

    private static ScoreComparison Compared(string path, ModelProto quantized)
    {
        var info = ModelInspector.Inspect(path);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var reference = new Network(OnnxRuntimeSessions.Open(path, options), info);
        using var other = new Network(OnnxRuntimeSessions.Open("quantized", quantized.ToByteArray(), options), info);
        var comparison = new ScoreComparison();
        foreach (var picture in Pictures(100, 6))
            comparison.Add(reference.Scores(picture), other.Scores(picture));
        return comparison;
    }

    // What ONNX Runtime makes of it: which operators it will run, apart from changes of layout.
    private string[] Kernels(ModelProto model)
    {
        var path = _directory.Of("optimised.onnx");
        using var options = new SessionOptions { OptimizedModelFilePath = path, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = OnnxRuntimeSessions.Open("quantized", model.ToByteArray(), options);
        return [.. OnnxFile.LoadOutline(path).Graph.Node.Select(node => node.OpType).Where(type => type != "Transpose").Order(StringComparer.Ordinal)];
    }

    private string Saved(ModelProto model, string name = "model.onnx")
    {
        OnnxFile.Save(model, _directory.Of(name));
        return _directory.Of(name);
    }
}
