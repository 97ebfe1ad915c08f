using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization.Preparation;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>
/// Writes a plan into the graph as pairs of QuantizeLinear and DequantizeLinear, which ONNX Runtime fuses with the nodes between them
/// into kernels on bytes.
/// </summary>
internal sealed class QdqWriter(GraphProto graph, QuantizationPlan plan, IReadOnlyDictionary<string, ValueRange> ranges, QuantizationSettings settings)
{
    private readonly GraphIndex _index = new(graph);
    private readonly List<NodeProto> _nodes = [];
    private readonly Dictionary<string, string> _dequantized = [];
    private readonly Dictionary<string, (string Scale, string ZeroPoint)> _scaleNames = [];

    public void Write()
    {
        AbsorbRectifiers();
        foreach (var input in graph.Input.Where(input => plan.Tensors.Contains(input.Name)))
            WritePair(input.Name, input.Name);
        foreach (var node in graph.Node.Except(plan.Absorbed.Select(pair => pair.Rectifier), ReferenceEqualityComparer.Instance).Cast<NodeProto>().ToList())
            WriteNode(node);

        graph.Node.Clear();
        graph.Node.Add(_nodes);
        GraphCleaning.RemoveUnread(graph);
    }

    private void AbsorbRectifiers()
    {
        foreach (var (producer, rectifier) in plan.Absorbed)
            producer.Output[0] = rectifier.Output[0];
    }

    private void WriteNode(NodeProto node)
    {
        if (plan.Weighted.TryGetValue(node, out var axis))
            WriteWeights(node, axis);
        for (var i = 0; i < node.Input.Count; i++)
            node.Input[i] = InputFor(node, node.Input[i]);

        _nodes.Add(node);
        foreach (var output in node.Output.Where(plan.Tensors.Contains).ToList())
        {
            var raw = output;
            if (_index.IsOutput(output))
            {
                // The name belongs to what leaves the graph, behind the pair.
                raw = _index.Fresh(output + "_raw");
                node.Output[node.Output.IndexOf(output)] = raw;
            }

            WritePair(output, raw);
        }
    }

    // Where a node on bytes made the tensor, all read what the pair gives; else fp32 nodes keep what they had.
    private string InputFor(NodeProto node, string tensor) =>
        _dequantized.TryGetValue(tensor, out var dequantized)
        && (plan.IsQuantized(node) || (_index.Producer(tensor) is { } producer && plan.IsQuantized(producer)))
            ? dequantized
            : tensor;

    private void WritePair(string tensor, string raw)
    {
        var (scaleName, zeroName) = ScaleNames(plan.ScaleOwner(tensor));
        var bytes = _index.Fresh($"{tensor}_quantized");
        var dequantized = raw == tensor ? _index.Fresh($"{tensor}_dequantized") : tensor;
        _nodes.Add(new NodeProto
        {
            OpType = "QuantizeLinear", Name = $"{tensor}_quantize", Input = { raw, scaleName, zeroName }, Output = { bytes },
        });
        _nodes.Add(new NodeProto
        {
            OpType = "DequantizeLinear", Name = $"{tensor}_dequantize", Input = { bytes, scaleName, zeroName }, Output = { dequantized },
        });
        _dequantized[tensor] = dequantized;
    }

    private (string Scale, string ZeroPoint) ScaleNames(string owner)
    {
        if (_scaleNames.TryGetValue(owner, out var names))
            return names;
        var scale = ScaleOf(owner);
        names = (_index.Fresh($"{owner}_scale"), _index.Fresh($"{owner}_zero_point"));
        graph.Initializer.Add(Tensors.Floats(names.Scale, [scale.Scale]));
        graph.Initializer.Add(Tensors.Bytes(names.ZeroPoint, [scale.ZeroPoint]));
        return _scaleNames[owner] = names;
    }

    private void WriteWeights(NodeProto node, int axis)
    {
        var weights = _index.Constant(node.Input[1])!;
        var values = weights.ToFloats();
        var biasTensor = node.Input.Count > 2 ? _index.Constant(node.Input[2]) : null;
        var bias = biasTensor?.ToFloats() ?? [];
        var layout = WeightLayout.For(weights.Dims, axis);
        var inputScale = ScaleOf(node.Input[0]).Scale;
        var scales = WeightQuantizer.Scales(values, layout, bias, inputScale, settings.WeightLimit);
        var quantized = WeightQuantizer.Quantize(values, layout, scales, settings.WeightLimit);

        // Named after the node: two nodes may share weights and differ in the scale of their input.
        node.Input[1] = Dequantize(
            $"{node.Output[0]}_weight",
            axis,
            name => Tensors.SignedBytes(name, quantized, [.. weights.Dims]),
            scales,
            name => Tensors.SignedBytes(name, new sbyte[scales.Length], scales.Length));
        if (biasTensor is null)
            return;

        var (integers, biasScales) = WeightQuantizer.QuantizeBias(bias, inputScale, scales);
        node.Input[2] = Dequantize(
            $"{node.Output[0]}_bias",
            axis: 0,
            name => Tensors.Ints(name, integers, integers.Length),
            biasScales,
            name => Tensors.Ints(name, new int[integers.Length], integers.Length));
    }

    private string Dequantize(string name, int axis, Func<string, TensorProto> values, float[] scales, Func<string, TensorProto> zeroPoints)
    {
        var (bytes, scale, zero) = (_index.Fresh($"{name}_quantized"), _index.Fresh($"{name}_scale"), _index.Fresh($"{name}_zero_point"));
        graph.Initializer.Add([values(bytes), Tensors.Floats(scale, scales, scales.Length), zeroPoints(zero)]);
        var output = _index.Fresh($"{name}_dequantized");
        _nodes.Add(new NodeProto { OpType = "DequantizeLinear", Name = $"{name}_dequantize", Input = { bytes, scale, zero }, Output = { output } }
            .With("axis", (long)axis));
        return output;
    }

    private ActivationScale ScaleOf(string tensor) => ActivationScale.For(ranges[plan.ScaleOwner(tensor)]);
}
