using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Quantization.Preparation;

/// <summary>Who makes and who reads each tensor of a graph. Built anew after a step that changed the graph.</summary>
internal sealed class GraphIndex
{
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<string, List<NodeProto>> _consumers = [];
    private readonly Dictionary<string, TensorProto> _constants;
    private readonly HashSet<string> _outputs;

    public GraphIndex(GraphProto graph)
    {
        Graph = graph;
        _constants = graph.Initializer.ToDictionary(tensor => tensor.Name);
        _outputs = graph.Output.Select(output => output.Name).Concat(NestedGraphs.TensorsRead(graph)).ToHashSet();
        foreach (var node in graph.Node)
        {
            foreach (var output in node.Output)
                _producers[output] = node;
            foreach (var input in node.Input.Where(input => input.Length > 0).Distinct())
            {
                if (!_consumers.TryGetValue(input, out var readers))
                    _consumers[input] = readers = [];
                readers.Add(node);
            }
        }
    }

    public GraphProto Graph { get; }

    public NodeProto? Producer(string tensor) => _producers.GetValueOrDefault(tensor);

    public IReadOnlyList<NodeProto> Consumers(string tensor) => _consumers.GetValueOrDefault(tensor) ?? [];

    /// <summary>Whether something outside this graph's nodes reads it under this name.</summary>
    public bool IsOutput(string tensor) => _outputs.Contains(tensor);

    public bool IsConstant(string tensor) => _constants.ContainsKey(tensor);

    public TensorProto? Constant(string tensor) => _constants.GetValueOrDefault(tensor);

    /// <summary>The node's optional input, or null where it is left out.</summary>
    public TensorProto? ConstantInput(NodeProto node, int index) =>
        node.Input.Count > index ? Constant(node.Input[index]) : null;

    /// <summary>The only reader of a tensor that nothing else needs, or null.</summary>
    public NodeProto? OnlyConsumer(string tensor) =>
        !IsOutput(tensor) && Consumers(tensor) is [var only] && only.Input.Count(input => input == tensor) == 1 ? only : null;

    /// <summary>A name that no tensor has yet.</summary>
    public string Fresh(string wanted)
    {
        var name = wanted;
        for (var i = 2; _producers.ContainsKey(name) || _constants.ContainsKey(name) || _consumers.ContainsKey(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }
}
