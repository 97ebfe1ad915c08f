using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Tests.Onnx;

namespace Keda.Inference.InferenceFunction.Tests.Models;

public sealed class ModelInspectorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Classifier_IsDescribed()
    {
        var info = ModelInspector.Inspect(Saved(SmallModels.Pooled(classes: 10)));

        info.InputName.ShouldBe("input");
        info.OutputName.ShouldBe("output");
        info.Classes.ShouldBe(10);
        info.FixedBatch.ShouldBeNull();
        info.Precision.ShouldBe(ModelPrecision.Fp32);
        info.Parameters.ShouldBe(40);
        info.OutputsProbabilities.ShouldBeFalse();
        info.Name.ShouldBe("model");
        info.IsUntrained.ShouldBeFalse();
    }

    [Fact]
    public void Weights_AreTheFilesShortSha256()
    {
        var path = Saved(SmallModels.Pooled());

        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
        ModelInspector.Inspect(path).Weights.ShouldBe(expected[..12]);
    }

    [Fact]
    public void FixedBatch_IsRead() => ModelInspector.Inspect(Saved(SmallModels.Pooled(batch: 1))).FixedBatch.ShouldBe(1);

    [Fact]
    public void SoftmaxAtTheEnd_IsSeen() => ModelInspector.Inspect(Saved(SmallModels.Pooled(softmax: true))).OutputsProbabilities.ShouldBeTrue();

    [Fact]
    public void QuantizedOperators_MeanInt8()
    {
        var model = SmallModels.Pooled();
        model.Graph.Node.Insert(0, new NodeProto { OpType = "QuantizeLinear", Input = { "input" }, Output = { "q" } });

        ModelInspector.Inspect(Saved(model)).Precision.ShouldBe(ModelPrecision.Int8);
    }

    [Fact]
    public void WeightsListedAsInputs_AreNoInputs()
    {
        var model = SmallModels.Pooled();
        model.Graph.Input.Add(SmallModels.Value("fc.weight", 1000, 3));

        ModelInspector.Inspect(Saved(model)).InputName.ShouldBe("input");
    }

    [Fact]
    public void OutputWithoutShape_IsAskedOfTheNetwork()
    {
        var model = SmallModels.Pooled(classes: 7);
        model.Graph.Output[0].Type.TensorType.Shape = null;

        ModelInspector.Inspect(Saved(model)).Classes.ShouldBe(7);
    }

    [Fact]
    public void TwoInputs_AreRefusedByName()
    {
        var model = SmallModels.Pooled();
        model.Graph.Input.Add(SmallModels.Value("mask", 1, 5));

        Refusal(model).ShouldContain("has 2 inputs (input, mask)");
    }

    [Theory]
    [InlineData(1, 224, 224)]
    [InlineData(3, 4, 4)]
    [InlineData(3, 5000, 224)]
    public void OtherPictureShape_IsRefusedWithBothShapes(int channels, int height, int width)
    {
        var model = SmallModels.Pooled();
        model.Graph.Input[0] = SmallModels.Value("input", "N", channels, height, width);

        Refusal(model).ShouldContain($"takes float[N,{channels},{height},{width}] as its input 'input': a picture is float[N,3,height,width], 8 to 4096 pixels each");
    }

    [Fact]
    public void OtherElementType_IsRefused()
    {
        var model = SmallModels.Pooled();
        model.Graph.Input[0] = SmallModels.Value("input", TensorProto.Types.DataType.Uint8, "N", 3, 224, 224);

        Refusal(model).ShouldContain("takes uint8[N,3,224,224]");
    }

    [Fact]
    public void OutputThatIsNoScoreList_IsRefused()
    {
        var model = SmallModels.Pooled();
        model.Graph.Output[0] = SmallModels.Value("output", "N", 21, 224, 224);

        Refusal(model).ShouldContain("gives float[N,21,224,224] as its output 'output'");
    }

    [Fact]
    public void MissingFile_IsNamed()
    {
        var path = _directory.Of("absent.onnx");

        Should.Throw<ModelException>(() => ModelInspector.Inspect(path)).Message.ShouldBe($"The model file {path} does not exist.");
    }

    [Fact]
    public void Directory_IsRefusedAsSuch() =>
        Should.Throw<ModelException>(() => ModelInspector.Inspect(_directory.Path)).Message.ShouldContain("is a directory");

    [Theory]
    [InlineData("")]
    [InlineData("This is plain text and no model at all.\n")]
    [InlineData("<!DOCTYPE html><html><body>Not found</body></html>")]
    public void OtherContent_IsNoOnnxModel(string content)
    {
        var path = _directory.Of("text.onnx");
        File.WriteAllText(path, content);

        Should.Throw<ModelException>(() => ModelInspector.Inspect(path)).Message.ShouldStartWith($"The file {path} is no ONNX model");
    }

    private string Refusal(ModelProto model)
    {
        var path = Saved(model);
        var message = Should.Throw<ModelException>(() => ModelInspector.Inspect(path)).Message;
        message.ShouldContain(path);
        message.ShouldNotContain('\n');
        return message;
    }

    private string Saved(ModelProto model)
    {
        var path = _directory.Of("model.onnx");
        OnnxFile.Save(model, path);
        return path;
    }
}
