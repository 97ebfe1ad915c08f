using System.Security.Cryptography;
using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Models;

/// <summary>Reads what a worker must know of a model, and refuses one that is no classifier of pictures.</summary>
internal static class ModelInspector
{
    /// <summary>The side of the pictures in pixels where a model leaves it open.</summary>
    public const int Side = 224;

    /// <summary>The key of <c>metadata_props</c> that says where the weights come from.</summary>
    public const string WeightsKey = "keda_inference.weights";

    /// <summary>The key of <c>metadata_props</c> that gives the model a name.</summary>
    public const string NameKey = "keda_inference.name";

    /// <summary>The key of <c>metadata_props</c> with the bits of a quantised weight.</summary>
    public const string WeightBitsKey = "keda_inference.weight_bits";

    /// <summary>The key of <c>metadata_props</c> with the weights of the fp32 model a quantised one was made from.</summary>
    public const string QuantizedFromKey = "keda_inference.quantized_from";

    private static readonly string[] s_quantizedOperators =
        ["QuantizeLinear", "DequantizeLinear", "QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "DynamicQuantizeLinear"];

    /// <exception cref="ModelException">The file is missing, is no ONNX model, or is a model of another shape.</exception>
    public static ModelInfo Inspect(string path)
    {
        var outline = OnnxFile.LoadOutline(path);
        var graph = outline.Graph;
        var input = ModelShape.Input(path, graph);
        var (output, classes) = ModelShape.Output(path, graph, input);
        return new ModelInfo
        {
            Path = Path.GetFullPath(path),
            Name = Metadata(outline, NameKey) ?? NameOf(path),
            Weights = Metadata(outline, WeightsKey) == ModelInfo.Untrained ? ModelInfo.Untrained : ShortHash(path),
            Precision = graph.Node.Any(node => s_quantizedOperators.Contains(node.OpType)) ? ModelPrecision.Int8 : ModelPrecision.Fp32,
            WeightBits = int.TryParse(Metadata(outline, WeightBitsKey), out var bits) ? bits : null,
            QuantizedFrom = Metadata(outline, QuantizedFromKey),
            InputName = input.Name,
            FixedBatch = input.FixedBatch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            OutputName = output,
            Classes = classes,
            OutputsProbabilities = graph.Node.FirstOrDefault(node => node.Output.Contains(output))?.OpType == "Softmax",
            Parameters = CountParameters(graph),
            FileBytes = new FileInfo(path).Length,
        };
    }

    /// <summary>The first 12 hexadecimal digits of a file's SHA-256.</summary>
    public static string ShortHash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..12];
    }

    private static string? Metadata(ModelOutline model, string key) =>
        model.MetadataProps.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static string NameOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.EndsWith(".int8", StringComparison.OrdinalIgnoreCase) ? name[..^".int8".Length] : name;
    }

    // As PyTorch counts them: the running mean and variance of a normalisation are no parameters, nor are scales and zero points.
    private static long CountParameters(GraphOutline graph)
    {
        var others = graph.Node
            .SelectMany(node => node.OpType switch
            {
                "BatchNormalization" => node.Input.Skip(3),
                "QuantizeLinear" or "DequantizeLinear" => node.Input.Skip(1),
                _ => [],
            })
            .ToHashSet();
        return graph.Initializer.Where(tensor => !others.Contains(tensor.Name)).Sum(tensor => Tensors.Count(tensor.Dims));
    }
}
