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

    public static ModelProto Wrap(GraphProto graph, int opset = 17, int irVersion = 8) => new()
    {
        IrVersion = irVersion,
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = opset } },
    };

    private static TensorShapeProto.Types.Dimension Dimension(object dim) =>
        dim is string name ? new() { DimParam = name } : new() { DimValue = Convert.ToInt64(dim) };
}
