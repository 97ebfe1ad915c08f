using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>Which nodes compute in int8 and which tensors are bytes between them.</summary>
internal sealed class QuantizationPlan
{
    /// <summary>Nodes with weights, and which axis of the weights counts the output channels.</summary>
    public Dictionary<NodeProto, int> Weighted { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Other nodes that compute on bytes.</summary>
    public HashSet<NodeProto> Elementwise { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Rectifiers that the saturation of the node before them makes needless.</summary>
    public List<(NodeProto Producer, NodeProto Rectifier)> Absorbed { get; } = [];

    /// <summary>The tensors that become bytes.</summary>
    public HashSet<string> Tensors { get; } = [];

    /// <summary>Outputs of nodes that only move values: same scale as their input.</summary>
    public Dictionary<string, string> SameScaleAs { get; } = [];

    /// <summary>Operators that stay in fp32, with the reason or nothing, and how many there are of each.</summary>
    public SortedDictionary<string, int> KeptInFp32 { get; } = new(StringComparer.Ordinal);

    /// <summary>The tensors whose ranges must be measured.</summary>
    public IReadOnlyCollection<string> Measured => [.. Tensors.Where(tensor => !SameScaleAs.ContainsKey(tensor))];

    public bool IsQuantized(NodeProto node) => Weighted.ContainsKey(node) || Elementwise.Contains(node);

    /// <summary>The tensor whose scale this one has.</summary>
    public string ScaleOwner(string tensor)
    {
        while (SameScaleAs.TryGetValue(tensor, out var source))
            tensor = source;
        return tensor;
    }
}
