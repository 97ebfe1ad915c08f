using Keda.Inference.InferenceFunction.Onnx;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Keda.Inference.InferenceFunction.Models;

/// <summary>Checks that a model takes float pictures of three channels and gives one score per class.</summary>
internal static class ModelShape
{
    private const int LeastSide = 8;
    private const int MostSide = 4096;
    private const int Float = (int)TensorProto.Types.DataType.Float;

    public static PictureInput Input(string path, GraphOutline graph)
    {
        // Older files list the weights among the inputs.
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph.Input.Where(input => !weights.Contains(input.Name)).ToList();
        if (inputs.Count != 1)
            throw new ModelException($"The model {path} has {inputs.Count} inputs ({Names(inputs)}): an image classifier has one.");

        var tensor = inputs[0].Type?.TensorType;
        var dims = tensor?.Shape?.Dim;
        var fits = tensor?.ElemType == Float && dims is { Count: 4 }
            && Fits(dims[1], 3) && IsSide(dims[2]) && IsSide(dims[3]);
        if (!fits)
        {
            throw new ModelException(
                $"The model {path} takes {Describe(tensor)} as its input '{inputs[0].Name}': a picture is float[N,3,height,width], {LeastSide} to {MostSide} pixels each.");
        }

        return new PictureInput(
            inputs[0].Name, Known(dims![0]) is { } batch ? checked((int)batch) : null,
            (int)(Known(dims[2]) ?? ModelInspector.Side), (int)(Known(dims[3]) ?? ModelInspector.Side));
    }

    public static (string Name, int Classes) Output(string path, GraphOutline graph, PictureInput input)
    {
        if (graph.Output.Count == 0)
            throw new ModelException($"The model {path} has no output.");

        var output = graph.Output[0];
        var tensor = output.Type?.TensorType;
        long[]? dims = tensor?.Shape?.Dim.Select(dim => Known(dim) ?? -1).ToArray();
        if (tensor is { ElemType: not Float and not 0 })
            throw new ModelException($"The model {path} gives {Describe(tensor)} as its output '{output.Name}': scores are float[N,classes].");
        if (dims is null or [] || dims.Skip(1).Any(dim => dim <= 0))
            dims = Probe(path, input, output.Name);

        // Some classifiers keep the empty axes of their last pooling: [N, classes, 1, 1].
        if (dims.Length < 2 || dims[1] is < 2 or > int.MaxValue || dims.Skip(2).Any(dim => dim != 1))
        {
            throw new ModelException(
                $"The model {path} gives float[{string.Join(',', dims.Select(dim => dim < 0 ? "N" : dim.ToString()))}] as its output '{output.Name}': scores are float[N,classes].");
        }

        return (output.Name, (int)dims[1]);
    }

    // The file does not say the output's shape: ask the network itself.
    private static long[] Probe(string path, PictureInput input, string output)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = OnnxRuntimeSessions.Open(path, options);
        var picture = new DenseTensor<float>([input.FixedBatch ?? 1, 3, input.Height, input.Width]);
        try
        {
            using var results = session.Run([NamedOnnxValue.CreateFromTensor(input.Name, picture)], [output]);
            return [.. results[0].AsTensor<float>().Dimensions.ToArray().Select(dim => (long)dim)];
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException($"The model {path} cannot be run: {error.Message}", error);
        }
        catch (InvalidCastException error)
        {
            throw new ModelException($"The model {path} does not give a float tensor as its output '{output}': scores are float[N,classes].", error);
        }
    }

    private static bool IsSide(TensorShapeProto.Types.Dimension dim) => Known(dim) is null or (>= LeastSide and <= MostSide);

    private static bool Fits(TensorShapeProto.Types.Dimension dim, long wanted) => (Known(dim) ?? wanted) == wanted;

    private static long? Known(TensorShapeProto.Types.Dimension dim) => dim.HasDimValue && dim.DimValue > 0 ? dim.DimValue : null;

    private static string Names(IEnumerable<ValueInfoProto> values) => string.Join(", ", values.Select(value => value.Name));

    private static string Describe(TypeProto.Types.Tensor? tensor)
    {
        if (tensor is null)
            return "something that is no tensor";
        var type = Enum.IsDefined((TensorProto.Types.DataType)tensor.ElemType)
            ? ((TensorProto.Types.DataType)tensor.ElemType).ToString().ToLowerInvariant()
            : $"type-{tensor.ElemType}";
        var dims = tensor.Shape?.Dim.Select(dim => Known(dim)?.ToString() ?? (dim.HasDimParam ? dim.DimParam : "?")) ?? ["…"];
        return $"{type}[{string.Join(',', dims)}]";
    }
}

/// <summary>The input of an image classifier.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FixedBatch">The number of pictures it takes at once, or null when any number will do.</param>
/// <param name="Height">The pictures' height in pixels; 224 where the model leaves it open.</param>
/// <param name="Width">Their width, likewise.</param>
internal sealed record PictureInput(string Name, int? FixedBatch, int Height, int Width);
