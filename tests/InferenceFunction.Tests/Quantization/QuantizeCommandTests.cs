using System.CommandLine;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Tests.Onnx;
using Keda.Inference.LocalCluster;

namespace Keda.Inference.InferenceFunction.Tests.Quantization;

public sealed class QuantizeCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Model => _directory.Of("model.onnx");

    private string Target => _directory.Of("out/model.int8.onnx");

    public void Dispose()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Quantize_WritesAModelAndReports()
    {
        OnnxFile.Save(SmallModels.Residual(), Model);
        WritePictures(6);
        File.WriteAllText(_directory.Of("pictures/broken.jpg"), "no picture");

        (await QuantizeAsync("--min-agreement", "0")).ShouldBe(0);

        ModelInspector.Inspect(Target).Precision.ShouldBe(ModelPrecision.Int8);
        var report = _output.ToString();
        report.ShouldContain("4 layers with weights and 4 other operators; 3 batch normalisations folded");
        report.ShouldContain("kept fp32   nothing");
        report.ShouldContain("broken.jpg: ");
        report.ShouldMatch(@"signal to noise +\d+\.\d dB");
        report.ShouldMatch(@"compared    on [12] pictures that were not calibrated with");
    }

    [Fact]
    public async Task Quantize_BelowTheAgreement_WritesNothingUnlessForced()
    {
        OnnxFile.Save(Fragile(), Model);
        WritePictures(4);

        (await QuantizeAsync()).ShouldBe(1);
        File.Exists(Target).ShouldBeFalse();
        _error.ToString().ShouldContain("is not written: top-1 agreement 0.000 is below --min-agreement 0.8");

        (await QuantizeAsync("--force")).ShouldBe(0);
        File.Exists(Target).ShouldBeTrue();
        _output.ToString().ShouldContain("forced");
    }

    [Fact]
    public async Task Quantize_WithPercentile_SaysSo()
    {
        OnnxFile.Save(SmallModels.Residual(), Model);
        WritePictures(4);

        (await QuantizeAsync("--method", "percentile", "--percentile", "99.9", "--weight-bits", "7", "--force")).ShouldBe(0);

        _output.ToString().ShouldContain("calibrated  3 pictures, percentile 99.9, 7-bit weights");
    }

    [Theory]
    [InlineData("--mean", "1,2", "Preprocess:Mean is '1,2'")]
    [InlineData("--resize", "100", "takes pictures of 224 x 224 pixels, and --resize is 100")]
    public async Task Quantize_WithPreprocessingOfNoUse_SaysWhichOption(string option, string value, string message)
    {
        OnnxFile.Save(SmallModels.Residual(), Model);
        WritePictures(2);

        (await QuantizeAsync(option, value)).ShouldBe(2);

        _error.ToString().ShouldContain(message);
    }

    [Fact]
    public async Task Quantize_AFileThatIsNoModel_IsOneLine()
    {
        WritePictures(2);
        File.WriteAllText(Model, "no model");

        (await QuantizeAsync()).ShouldBe(2);

        _error.ToString().ShouldStartWith($"The file {Model} is no ONNX model");
        _error.ToString().TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task Quantize_AFolderWithoutPictures_SaysSo()
    {
        OnnxFile.Save(SmallModels.Residual(), Model);
        Directory.CreateDirectory(_directory.Of("pictures"));

        (await QuantizeAsync()).ShouldBe(2);

        _error.ToString().ShouldContain("holds no picture (.jpg, ");
    }

    [Fact]
    public async Task Quantize_OnePicture_AsksForAnother()
    {
        OnnxFile.Save(SmallModels.Residual(), Model);
        WritePictures(1);

        (await QuantizeAsync()).ShouldBe(2);

        _error.ToString().ShouldContain("holds one picture");
    }

    [Fact]
    public async Task Quantize_OntoTheModelItself_IsRefused()
    {
        OnnxFile.Save(SmallModels.Residual(), Model);
        WritePictures(4);

        (await InvokeAsync("--model", Model, "--calibrate", _directory.Of("pictures"), "--output", Model)).ShouldBe(2);

        _error.ToString().ShouldContain("the model itself: give another file");
    }

    [Theory]
    [InlineData("--percentile", "50", "--percentile must be 90 to 100")]
    [InlineData("--min-agreement", "2", "--min-agreement must be 0 to 1")]
    [InlineData("--weight-bits", "4", "--weight-bits must be 7 or 8")]
    [InlineData("--max-pictures", "1", "--max-pictures must be 2 to 100000")]
    public void Options_OfNoUse_AreRefusedByName(string option, string value, string message) =>
        ModelCommands.Create().Parse(["quantize", "--model", "m", "--calibrate", "c", "--output", "o", option, value])
            .Errors.Select(error => error.Message).ShouldContain(message + ".");

    // Two channels leave the convolution: a huge one, which sets the scale of their bytes and does not count, and a tiny one, which alone
    // decides between two classes and rounds to nothing.
    private static ModelProto Fragile()
    {
        var graph = new GraphProto { Name = "fragile" };
        graph.Initializer.Add(Tensors.Floats("w", [1, 1, 1, 0, 0, 0], 2, 3, 1, 1));
        graph.Initializer.Add(Tensors.Floats("b", [1000, 0.1f], 2));
        graph.Initializer.Add(Tensors.Floats("fc", [0, -1, 0, 1], 2, 2));
        graph.Node.Add(new NodeProto { OpType = "Conv", Input = { "input", "w", "b" }, Output = { "conv" } });
        graph.Node.Add(new NodeProto { OpType = "Relu", Input = { "conv" }, Output = { "relu" } });
        graph.Node.Add(new NodeProto { OpType = "GlobalAveragePool", Input = { "relu" }, Output = { "pool" } });
        graph.Node.Add(new NodeProto { OpType = "Flatten", Input = { "pool" }, Output = { "flat" } });
        graph.Node.Add(new NodeProto { OpType = "Gemm", Input = { "flat", "fc" }, Output = { "output" } }.With("transB", 1L));
        graph.Input.Add(SmallModels.Value("input", "N", 3, 224, 224));
        graph.Output.Add(SmallModels.Value("output", "N", 2));
        return SmallModels.Wrap(graph);
    }

    private void WritePictures(int count)
    {
        Directory.CreateDirectory(_directory.Of("pictures"));
        for (var seed = 0; seed < count; seed++)
            File.WriteAllBytes(_directory.Of($"pictures/{seed}.jpg"), GeneratedPictures.Jpeg(seed));
    }

    private Task<int> QuantizeAsync(params string[] more) =>
        InvokeAsync(["--model", Model, "--calibrate", _directory.Of("pictures"), "--output", Target, .. more]);

    private Task<int> InvokeAsync(params string[] args) =>
        ModelCommands.Create().Parse(["quantize", .. args]).InvokeAsync(
            new InvocationConfiguration { Output = _output, Error = _error }, TestContext.Current.CancellationToken);
}
