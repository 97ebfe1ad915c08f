using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Tests.Onnx;

namespace Keda.Inference.InferenceFunction.Tests.Models;

public sealed class ClassLabelsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ImageNet_HasItsThousandLabels()
    {
        var labels = ClassLabels.ImageNet();

        labels.Count.ShouldBe(1000);
        labels[0].ShouldBe("tench");
        labels[999].ShouldBe("toilet tissue");
    }

    [Fact]
    public void File_GivesTheLabelsOfAnotherModel()
    {
        File.WriteAllText(_directory.Of("labels.txt"), "cat\r\ndog\r\nbird\r\n");

        var labels = ClassLabels.For(Model(3), _directory.Of("labels.txt"));

        labels.Count.ShouldBe(3);
        labels[1].ShouldBe("dog");
    }

    [Fact]
    public void OtherNumberOfClasses_WithoutFile_SaysWhatToGive() =>
        Should.Throw<ModelException>(() => ClassLabels.For(Model(3), null)).Message
            .ShouldEndWith("has 3 classes, and the built-in labels are ImageNet's 1000: give a file with one label a line as Model:Labels.");

    [Fact]
    public void OtherNumberOfLines_SaysBothNumbers()
    {
        File.WriteAllText(_directory.Of("labels.txt"), "cat\ndog\n");

        Should.Throw<ModelException>(() => ClassLabels.For(Model(3), _directory.Of("labels.txt"))).Message
            .ShouldContain("has 3 classes, and the labels file");
    }

    [Fact]
    public void MissingFile_IsNamed() =>
        Should.Throw<ModelException>(() => ClassLabels.For(Model(3), _directory.Of("none.txt"))).Message.ShouldContain("none.txt cannot be read");

    private ModelInfo Model(int classes)
    {
        OnnxFile.Save(SmallModels.Pooled(classes), _directory.Of("model.onnx"));
        return ModelInspector.Inspect(_directory.Of("model.onnx"));
    }
}
