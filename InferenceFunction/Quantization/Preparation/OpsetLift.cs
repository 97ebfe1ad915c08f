using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Quantization.Preparation;

/// <summary>
/// Raises a model to opset 13, the first whose quantisation operators know an axis. Operators whose meaning or form changed on the way
/// are rewritten. One that is not known here is left as it is and named; the quantiser then compares the outputs before and after.
/// </summary>
internal static class OpsetLift
{
    public const int Opset = 13;

    private const int LowestOpset = 7;

    // From opset 7 to 13 their form and meaning stayed, or only grew.
    private static readonly HashSet<string> s_unchanged =
    [
        "Abs", "Add", "AveragePool", "Concat", "Constant", "Conv", "ConvTranspose", "Div", "Elu", "Exp", "Flatten", "Gather", "Gemm",
        "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "Identity", "InstanceNormalization", "LRN", "LeakyRelu", "Log", "MatMul", "Max",
        "MaxPool", "Min", "Mul", "Neg", "PRelu", "Pow", "ReduceMax", "ReduceMean", "ReduceMin", "Relu", "Reshape", "Selu", "Shape", "Sigmoid",
        "Softplus", "Sqrt", "Sub", "Sum", "Tanh", "Transpose",
    ];

    /// <summary>Raises the opset where it is lower; returns the operators it does not know.</summary>
    /// <exception cref="InvalidDataException">The opset is too old.</exception>
    public static IReadOnlyList<string> Apply(ModelProto model)
    {
        var opset = model.OpsetImport.FirstOrDefault(import => import.Domain is "" or "ai.onnx")
            ?? throw new InvalidDataException("it names no version of ONNX's operators (opset_import)");
        if (opset.Version >= Opset)
            return [];
        if (opset.Version < LowestOpset)
            throw new InvalidDataException($"it is of opset {opset.Version}; opset {LowestOpset} is the oldest that can be lifted to {Opset}");

        var from = opset.Version;
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var node in model.Graph.Node.Where(node => node.Domain is "" or "ai.onnx").ToList())
        {
            if (!s_unchanged.Contains(node.OpType) && !TryRewrite(model.Graph, node, from))
                unknown.Add(node.OpType);
        }

        opset.Version = Opset;
        model.IrVersion = Math.Max(model.IrVersion, 7);
        return [.. unknown];
    }

    private static bool TryRewrite(GraphProto graph, NodeProto node, long from)
    {
        switch (node.OpType)
        {
            case "BatchNormalization":
                // spatial = 0 (one mean per position) is gone since opset 9; 1 is what is left.
                if (node.Int("spatial", 1) != 1)
                    return false;
                node.Remove("spatial");
                return true;
            case "Softmax" or "LogSoftmax":
                // It flattened its input from the axis on, which is the same where the axis is the last one: so for scores [N, classes].
                if (!IsMatrix(graph, node.Input[0]))
                    return false;
                if (node.Find("axis") is null)
                    node.With("axis", 1L);
                return true;
            case "Clip" when from < 11:
                LimitsToInputs(graph, node);
                return true;
            case "Clip":
                return true;
            case "Pad" when from < 11:
                PadsToInputs(graph, node);
                return true;
            case "Pad":
                return true;
            case "Dropout":
                // The ratio became an input; outside training it does not matter.
                node.Remove("ratio");
                return true;
            case "Squeeze" or "Unsqueeze" or "ReduceSum":
                AxesToInput(graph, node);
                return true;
            default:
                return false;
        }
    }

    private static bool IsMatrix(GraphProto graph, string tensor) =>
        graph.Node.FirstOrDefault(node => node.Output.Contains(tensor))?.OpType is "Gemm" or "Flatten"
        || graph.ValueInfo.Any(value => value.Name == tensor && value.Type?.TensorType?.Shape?.Dim.Count == 2);

    private static void LimitsToInputs(GraphProto graph, NodeProto node)
    {
        foreach (var name in (string[])["min", "max"])
        {
            if (node.Find(name) is { } limit)
            {
                var tensor = Tensors.Floats(new GraphIndex(graph).Fresh($"{node.Output[0]}_{name}"), [limit.F]);
                graph.Initializer.Add(tensor);
                node.Input.Add(tensor.Name);
                node.Remove(name);
            }
            else
            {
                node.Input.Add("");
            }
        }
    }

    private static void PadsToInputs(GraphProto graph, NodeProto node)
    {
        var pads = (node.Find("pads") ?? node.Find("paddings"))!.Ints.ToArray();
        var index = new GraphIndex(graph);
        var lengths = Tensors.Longs(index.Fresh($"{node.Output[0]}_pads"), pads, pads.Length);
        var value = Tensors.Floats(index.Fresh($"{node.Output[0]}_value"), [node.Float("value", 0)]);
        graph.Initializer.Add([lengths, value]);
        node.Input.Add([lengths.Name, value.Name]);
        foreach (var name in (string[])["pads", "paddings", "value"])
            node.Remove(name);
    }

    private static void AxesToInput(GraphProto graph, NodeProto node)
    {
        if (node.Find("axes") is not { } axes)
            return;
        var tensor = Tensors.Longs(new GraphIndex(graph).Fresh($"{node.Output[0]}_axes"), [.. axes.Ints], axes.Ints.Count);
        graph.Initializer.Add(tensor);
        node.Input.Add(tensor.Name);
        node.Remove("axes");
    }
}
