using Keda.Inference.InferenceFunction.Models.Untrained;
using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Tests.Onnx;

/// <summary>Models that are classifiers by shape and small enough to be made in a test.</summary>
internal static class SmallModels
{
    public static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params object[] dims) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)type,
                Shape = new TensorShapeProto { Dim = { dims.Select(Dimension) } },
            },
        },
    };

    public static ValueInfoProto Value(string name, params object[] dims) => Value(name, TensorProto.Types.DataType.Float, dims);

    /// <summary>Pooling and a fully connected layer, from three channels to the classes.</summary>
    public static ModelProto Pooled(int classes = 1000, object? batch = null, bool softmax = false)
    {
        var layers = new LayerWriter("pooled", 1);
        layers.Head("fc", "input", 3, classes, softmax ? "scores" : "output");
        if (softmax)
            layers.Graph.Node.Add(new NodeProto { OpType = "Softmax", Input = { "scores" }, Output = { "output" } });
        layers.Graph.Input.Add(Value("input", batch ?? "N", 3, 224, 224));
        layers.Graph.Output.Add(Value("output", batch ?? "N", classes));
        return Wrap(layers.Graph);
    }

    /// <summary>A residual network of three convolutions with their normalisations, as PyTorch and the zoo have them.</summary>
    public static ModelProto Residual(int classes = 10, object? batch = null)
    {
        var layers = new LayerWriter("residual", 5);
        var x = layers.Relu("relu0", layers.Convolution("conv0", "bn0", "input", 3, 16, 7, 4));
        x = layers.MaxPool("maxpool", x);
        var y = layers.Relu("relu1", layers.Convolution("conv1", "bn1", x, 16, 16, 3, 1));
        y = layers.Convolution("conv2", "bn2", y, 16, 16, 3, 1);
        x = layers.Relu("relu2", layers.Add("add", y, x));
        layers.Head("fc", x, 16, classes, "output");
        layers.Graph.Input.Add(Value("input", batch ?? "N", 3, 224, 224));
        layers.Graph.Output.Add(Value("output", batch ?? "N", classes));
        return Wrap(layers.Graph);
    }

    /// <summary>The same in the form of the ONNX zoo's old files: opset 7, weights among the inputs, attributes since gone.</summary>
    public static ModelProto ResidualOfOpset7()
    {
        var model = Residual();
        model.IrVersion = 3;
        model.OpsetImport[0].Version = 7;
        foreach (var norm in model.Graph.Node.Where(node => node.OpType == "BatchNormalization"))
            norm.With("spatial", 1L).With("momentum", 0.9f);
        model.Graph.Input.Add(model.Graph.Initializer.Select(tensor => Value(tensor.Name, [.. tensor.Dims.Cast<object>()])));
        return model;
    }

    public static ModelProto Wrap(GraphProto graph, int opset = 17, int irVersion = 8) => new()
    {
        IrVersion = irVersion,
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
    };

    private static TensorShapeProto.Types.Dimension Dimension(object dim) =>
        dim is string name ? new() { DimParam = name } : new() { DimValue = Convert.ToInt64(dim) };
}
