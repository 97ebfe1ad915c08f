using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization.Preparation;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>
/// Decides what becomes int8: every node for which ONNX Runtime has a kernel on bytes, if its neighbours let it. Residual additions and
/// poolings are among them, so that no fp32 island is left between two convolutions.
/// </summary>
internal sealed class QuantizationPlanner(GraphProto graph, QuantizationSettings settings)
{
    private readonly GraphIndex _index = new(graph);
    private readonly QuantizationPlan _plan = new();

    public QuantizationPlan Plan()
    {
        var weighted = graph.Node.Where(node => WeightAxis(node) is not null).ToList();
        var kept = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        if (settings.KeepFirst && weighted.Count > 0)
            kept.Add(weighted[0]);
        if (settings.KeepLast && weighted.Count > 0)
            kept.Add(weighted[^1]);

        foreach (var node in graph.Node)
        {
            if (kept.Contains(node))
                Keep($"{node.OpType} (asked for)");
            else if (!TryTake(node))
                Keep(node.OpType);
        }

        return _plan;
    }

    private bool TryTake(NodeProto node) => node.OpType switch
    {
        "Conv" or "Gemm" or "MatMul" => TryTakeWeighted(node),
        "Add" or "Mul" => TryTakeComputing(node, node.Input),
        "GlobalAveragePool" or "AveragePool" => TryTakeComputing(node, [node.Input[0]]),
        "Concat" => TryTakeComputing(node, node.Input),
        "MaxPool" => TryTakeMoving(node, mayBegin: true),
        "Flatten" or "Reshape" or "Transpose" or "Squeeze" or "Unsqueeze" => TryTakeMoving(node, mayBegin: false),
        "Relu" or "Clip" => TryAbsorb(node),
        _ => false,
    };

    private int? WeightAxis(NodeProto node)
    {
        if (_index.ConstantInput(node, 1) is not { DataType: (int)TensorProto.Types.DataType.Float } weights || _index.IsConstant(node.Input[0]))
            return null;
        var openBias = node.Input.Count > 2 && node.Input[2].Length > 0 && _index.ConstantInput(node, 2) is null;
        return node.OpType switch
        {
            "Conv" when !openBias => 0,
            "Gemm" when !openBias && weights.Dims.Count == 2 && node.Int("transA", 0) == 0 && IsOne(node, "alpha") && IsOne(node, "beta")
                && HasBiasPerChannel(node, weights) => node.Int("transB", 0) == 1 ? 0 : 1,
            "MatMul" when weights.Dims.Count == 2 => 1,
            _ => null,
        };
    }

    private bool HasBiasPerChannel(NodeProto node, TensorProto weights) =>
        _index.ConstantInput(node, 2) is not { } bias
        || Tensors.Count(bias.Dims) == weights.Dims[node.Int("transB", 0) == 1 ? 0 : 1];

    private static bool IsOne(NodeProto node, string attribute) => node.Float(attribute, 1) == 1;

    private bool TryTakeWeighted(NodeProto node)
    {
        if (WeightAxis(node) is not { } axis)
            return false;
        _plan.Weighted[node] = axis;
        _plan.Tensors.Add(node.Input[0]);
        // The sums of a fully connected layer may go on as floats, and the scores should; a convolution's are bytes.
        if (node.OpType == "Conv")
            _plan.Tensors.Add(node.Output[0]);
        return true;
    }

    private bool TryTakeComputing(NodeProto node, IEnumerable<string> inputs)
    {
        if (inputs.Any(_index.IsConstant) || !inputs.Any(_plan.Tensors.Contains) || _index.IsOutput(node.Output[0]))
            return false;
        foreach (var input in inputs)
            _plan.Tensors.Add(input);
        _plan.Tensors.Add(node.Output[0]);
        _plan.Elementwise.Add(node);
        return true;
    }

    private bool TryTakeMoving(NodeProto node, bool mayBegin)
    {
        var (input, output) = (node.Input[0], node.Output[0]);
        if ((!mayBegin && !_plan.Tensors.Contains(input)) || _index.IsOutput(output) || node.Output.Count > 1 || !LeadsToBytes(node))
            return false;
        _plan.Tensors.Add(input);
        _plan.Tensors.Add(output);
        _plan.SameScaleAs[output] = input;
        _plan.Elementwise.Add(node);
        return true;
    }

    // Moving bytes pays when bytes are wanted behind it, not just before the floats of the output.
    private bool LeadsToBytes(NodeProto node) =>
        _index.Consumers(node.Output[0]).Any(reader => WeightAxis(reader) is not null
            || reader.OpType is "Add" or "Mul" or "Concat" or "Relu" or "Clip" or "GlobalAveragePool" or "AveragePool" or "MaxPool"
            || (reader.OpType is "Flatten" or "Reshape" or "Transpose" or "Squeeze" or "Unsqueeze" && LeadsToBytes(reader)));

    // A byte cannot be below its zero point, which is 0 for a tensor that is never negative: the rounding does the rectifier's work.
    private bool TryAbsorb(NodeProto node)
    {
        var (input, output) = (node.Input[0], node.Output[0]);
        var producer = _index.Producer(input);
        var absorbs = producer is not null && _plan.IsQuantized(producer) && !_plan.SameScaleAs.ContainsKey(input)
            && ReferenceEquals(_index.OnlyConsumer(input), node) && !_index.IsOutput(output)
            && (node.OpType == "Relu" || _index.ConstantInput(node, 1)?.ToFloats() is [0f]);
        if (absorbs)
        {
            _plan.Absorbed.Add((producer!, node));
            _plan.Tensors.Remove(input);
            _plan.Tensors.Add(output);
            return true;
        }

        return false;
    }

    private void Keep(string name) => _plan.KeptInFp32[name] = _plan.KeptInFp32.GetValueOrDefault(name) + 1;
}
