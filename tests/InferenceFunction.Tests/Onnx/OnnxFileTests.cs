using Google.Protobuf;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Tests.Onnx;

public class OnnxFileTests
{
    [Fact]
    public void Model_WithFieldsWeDoNotName_KeepsThemWhenWrittenAgain()
    {
        // Field 20 of ModelProto is training_info, field 25 functions: neither is in our .proto.
        var unknown = new byte[] { 0xA2, 0x01, 0x03, 1, 2, 3, 0xCA, 0x01, 0x02, 9, 9 };
        var model = ModelProto.Parser.ParseFrom([.. SmallModels.Pooled().ToByteArray(), .. unknown]);

        var again = model.ToByteArray();

        again.AsSpan()[^unknown.Length..].ToArray().ShouldBe(unknown);
    }

    [Fact]
    public void Attribute_OfZero_IsWrittenAndNotLeftOut()
    {
        var node = NodeProto.Parser.ParseFrom(new NodeProto { OpType = "Flatten" }.With("axis", 0L).ToByteArray());

        node.Find("axis")!.HasI.ShouldBeTrue();
        node.Int("axis", otherwise: 1).ShouldBe(0);
    }

    [Fact]
    public void Floats_RoundTrip()
    {
        var tensor = TensorProto.Parser.ParseFrom(Tensors.Floats("t", [1.5f, -2f, 0f, 1e-30f], 2, 2).ToByteArray());

        tensor.ToFloats().ShouldBe([1.5f, -2f, 0f, 1e-30f]);
    }

    [Fact]
    public void Floats_InFloatData_AreRead() =>
        new TensorProto { Name = "t", DataType = 1, Dims = { 2 }, FloatData = { 3f, 4f } }.ToFloats().ShouldBe([3f, 4f]);

    [Fact]
    public void Floats_FewerThanTheDimensionsSay_AreRefusedByName()
    {
        var tensor = Tensors.Floats("short", [1f], 2);

        Should.Throw<InvalidDataException>(() => tensor.ToFloats()).Message.ShouldBe("tensor 'short' has 1 values where its dimensions say 2");
    }

    [Fact]
    public void Load_TruncatedFile_SaysSoInOneLine()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("cut.onnx");
        var bytes = SmallModels.Pooled().ToByteArray();
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        var error = Should.Throw<ModelException>(() => OnnxFile.Load(path));

        error.Message.ShouldContain(path);
        error.Message.ShouldContain("no ONNX model, or is damaged");
        error.Message.ShouldNotContain('\n');
    }

    [Fact]
    public void Save_OverAnExistingFile_ReplacesItAndLeavesNothingBeside()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Of("m.onnx");
        File.WriteAllText(path, "old");

        OnnxFile.Save(SmallModels.Pooled(), path);

        OnnxFile.Load(path).Graph.Name.ShouldBe("pooled");
        Directory.GetFiles(directory.Path).ShouldBe([path]);
    }
}
