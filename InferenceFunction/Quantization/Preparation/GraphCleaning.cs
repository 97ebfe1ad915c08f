using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Quantization.Preparation;

/// <summary>
/// Brings the ways in which exporters write the same thing to one: constants become initialisers, nodes that pass their input on are
/// bypassed, weights are no inputs, weights that nothing reads go.
/// </summary>
internal static class GraphCleaning
{
    public static void Apply(ModelProto model)
    {
        var graph = model.Graph;
        ConstantsToInitializers(graph);
        Bypass(graph);
        RemoveUnread(graph);

        // Before IR version 4 weights had to be listed as inputs, which could be overridden and so cannot be folded.
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        foreach (var input in graph.Input.Where(input => weights.Contains(input.Name)).ToList())
            graph.Input.Remove(input);
        model.IrVersion = Math.Max(model.IrVersion, 4);
    }

    /// <summary>Drops initialisers and shape notes that no node mentions any more.</summary>
    public static void RemoveUnread(GraphProto graph)
    {
        var read = graph.Node.SelectMany(node => node.Input).Concat(ReadOutside(graph)).ToHashSet();
        Keep(graph.Initializer, tensor => read.Contains(tensor.Name));
        Keep(graph.ValueInfo, value => read.Contains(value.Name));
    }

    private static void ConstantsToInitializers(GraphProto graph)
    {
        foreach (var node in graph.Node.Where(node => node.OpType == "Constant" && node.Find("value") is not null).ToList())
        {
            var tensor = node.Find("value")!.T.Clone();
            tensor.Name = node.Output[0];
            graph.Initializer.Add(tensor);
            graph.Node.Remove(node);
        }
    }

    // Identity, and Dropout, which does nothing outside training.
    private static void Bypass(GraphProto graph)
    {
        var outputs = ReadOutside(graph).ToHashSet();
        var renamed = new Dictionary<string, string>();
        foreach (var node in graph.Node.ToList())
        {
            Rename(node, renamed);
            var dropped = node.OpType == "Dropout" && node.Output.Skip(1).All(mask => mask.Length == 0 || !IsRead(graph, mask));
            if ((node.OpType == "Identity" || dropped) && !outputs.Contains(node.Output[0]))
            {
                renamed[node.Output[0]] = node.Input[0];
                graph.Node.Remove(node);
            }
        }
    }

    private static bool IsRead(GraphProto graph, string tensor) =>
        ReadOutside(graph).Contains(tensor) || graph.Node.Any(node => node.Input.Contains(tensor));

    private static IEnumerable<string> ReadOutside(GraphProto graph) =>
        graph.Output.Select(output => output.Name).Concat(NestedGraphs.TensorsRead(graph));

    private static void Rename(NodeProto node, Dictionary<string, string> names)
    {
        for (var i = 0; i < node.Input.Count; i++)
            node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
    }

    private static void Keep<T>(Google.Protobuf.Collections.RepeatedField<T> all, Func<T, bool> wanted)
    {
        var kept = all.Where(wanted).ToList();
        if (kept.Count == all.Count)
            return;
        all.Clear();
        all.AddRange(kept);
    }
}
