using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.InferenceFunction.Quantization.Calibration;

/// <summary>Runs pictures through a model whose intermediate tensors are outputs and finds each one's range.</summary>
internal sealed class Calibrator(CalibrationMethod method, double percentile)
{
    /// <exception cref="ModelException">The model cannot be run, or computes no finite numbers.</exception>
    public Dictionary<string, ValueRange> Run(
        ModelProto model, ModelInfo info, IReadOnlyCollection<string> tensors, IEnumerable<float[]> pictures, CancellationToken cancellationToken)
    {
        var observers = tensors.ToDictionary(tensor => tensor, _ => RangeObserver.For(method, percentile));
        // The picture itself is no output of the network.
        string[] outputs = [.. tensors.Where(tensor => tensor != info.InputName)];
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var network = new Network(OnnxRuntimeSessions.Open(info.Path, WithOutputs(model, outputs).ToByteArray(), options), info);
        foreach (var picture in pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (observers.TryGetValue(info.InputName, out var input))
                input.Observe(picture);
            network.Run(picture, outputs, (tensor, values) => Observe(info, observers[tensor], tensor, values));
        }

        return observers.ToDictionary(pair => pair.Key, pair => pair.Value.Range);
    }

    private static void Observe(ModelInfo info, RangeObserver observer, string tensor, ReadOnlySpan<float> values)
    {
        try
        {
            observer.Observe(values);
        }
        catch (InvalidDataException error)
        {
            throw new ModelException($"The model {info.Path} cannot be quantised: {error.Message} (tensor '{tensor}').", error);
        }
    }

    private static ModelProto WithOutputs(ModelProto model, string[] tensors)
    {
        // A shallow copy: the weights are not copied.
        var graph = new GraphProto { Name = model.Graph.Name };
        graph.Node.Add(model.Graph.Node);
        graph.Initializer.Add(model.Graph.Initializer);
        graph.Input.Add(model.Graph.Input);
        graph.Output.Add(model.Graph.Output);
        var present = graph.Output.Select(output => output.Name).ToHashSet();
        graph.Output.Add(tensors.Where(tensor => !present.Contains(tensor)).Select(tensor => new ValueInfoProto
        {
            Name = tensor,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float } },
        }));
        var copy = new ModelProto { IrVersion = model.IrVersion, Graph = graph };
        copy.OpsetImport.Add(model.OpsetImport);
        return copy;
    }
}
