using System.Globalization;
using Google.Protobuf;
using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>
/// ResNet18 as torchvision defines it, node by node: 20 convolutions without bias, each followed by a batch normalisation, and a fully
/// connected layer; 11,689,512 parameters, of which 9,600 are the normalisations' scales and offsets (their running means and variances
/// are another 9,600 numbers that PyTorch counts as buffers, not as parameters). ONNX Runtime folds the normalisations into the
/// convolutions when it loads the file, as it does with a trained model, so it costs what the real one costs. The weights are He-normal
/// (fan-out) from a fixed seed.
/// </summary>
internal static class ResNet18Builder
{
    /// <summary>Changes with anything that changes the file.</summary>
    public const string Recipe = "v2";

    public const int Classes = 1000;

    private const long Seed = 18;

    // The scale of a block's last normalisation. Training usually starts it near 0, so that a block begins as little more than its identity.
    private const float BranchScale = 0.3f;

    private static readonly int[] s_widths = [64, 128, 256, 512];

    public static ModelProto Build() => Build(ConvolutionInputs.Measured);

    /// <summary>The network with other figures for what its convolutions' inputs are like: to measure them.</summary>
    internal static ModelProto Build(IReadOnlyList<ActivationStatistics> inputs, float branch = BranchScale)
    {
        var graph = new LayerWriter("resnet18", Seed, inputs);
        var x = graph.Convolution("conv1", "bn1", "input", 3, 64, kernel: 7, stride: 2);
        x = graph.Relu("relu", x);
        x = graph.MaxPool("maxpool", x);

        var channels = 64;
        for (var stage = 0; stage < s_widths.Length; stage++)
        {
            for (var block = 0; block < 2; block++)
            {
                x = Block(graph, $"layer{stage + 1}.{block}", x, channels, s_widths[stage], stage > 0 && block == 0 ? 2 : 1, branch);
                channels = s_widths[stage];
            }
        }

        graph.Head("fc", x, channels, Classes, "logits");
        return Wrap(graph.Graph);
    }

    private static string Block(LayerWriter graph, string name, string x, int channels, int width, int stride, float branch)
    {
        var y = graph.Convolution($"{name}.conv1", $"{name}.bn1", x, channels, width, 3, stride);
        y = graph.Relu($"{name}.relu1", y);
        y = graph.Convolution($"{name}.conv2", $"{name}.bn2", y, width, width, 3, 1, branch);
        var identity = stride == 1 && channels == width
            ? x
            : graph.Convolution($"{name}.downsample.0", $"{name}.downsample.1", x, channels, width, 1, stride);
        return graph.Relu($"{name}.relu2", graph.Add($"{name}.add", y, identity));
    }

    private static ModelProto Wrap(GraphProto graph)
    {
        graph.Input.Add(Value("input", "batch", 3, ModelInspector.Side, ModelInspector.Side));
        graph.Output.Add(Value("logits", "batch", Classes));
        return new ModelProto
        {
            IrVersion = 8,
            ProducerName = "keda-inference",
            ProducerVersion = Recipe,
            DocString = "ResNet18 with random weights: it costs what a trained one costs, and its answers mean nothing.",
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
            MetadataProps =
            {
                new StringStringEntryProto { Key = ModelInspector.WeightsKey, Value = ModelInfo.Untrained },
                new StringStringEntryProto { Key = ModelInspector.NameKey, Value = "resnet18" },
                new StringStringEntryProto { Key = "keda_inference.seed", Value = Seed.ToString(CultureInfo.InvariantCulture) },
            },
        };
    }

    private static ValueInfoProto Value(string name, string batch, params int[] dims)
    {
        var shape = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = batch } } };
        shape.Dim.AddRange(dims.Select(dim => new TensorShapeProto.Types.Dimension { DimValue = dim }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape },
            },
        };
    }
}
