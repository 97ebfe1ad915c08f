using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Quantization.Preparation;

/// <summary>Control-flow nodes carry graphs of their own, which may read the outer graph's tensors by name.</summary>
internal static class NestedGraphs
{
    /// <summary>Every tensor that a nested graph mentions; such a tensor must keep its name.</summary>
    public static IEnumerable<string> TensorsRead(GraphProto graph) =>
        graph.Node.SelectMany(node => node.Attribute)
            .SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Append(attribute.G))
            .SelectMany(nested => nested.Node.SelectMany(node => node.Input)
                .Concat(nested.Output.Select(output => output.Name))
                .Concat(TensorsRead(nested)));
}
