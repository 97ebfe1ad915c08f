using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization.Calibration;
using Keda.Inference.InferenceFunction.Quantization.Preparation;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>Makes an int8 model from an fp32 one: prepare the graph, plan, calibrate, write.</summary>
internal sealed class ModelQuantizer(QuantizationSettings settings)
{
    /// <exception cref="ModelException">The model cannot be quantised.</exception>
    public QuantizedModel Run(ModelInfo info, IEnumerable<float[]> pictures, CancellationToken cancellationToken)
    {
        if (info.Precision == ModelPrecision.Int8)
            throw new ModelException($"The model {info.Path} is quantised already: give the fp32 one.");
        try
        {
            return Quantize(info, pictures, cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw new ModelException($"The model {info.Path} cannot be quantised: {error.Message}.", error);
        }
    }

    private QuantizedModel Quantize(ModelInfo info, IEnumerable<float[]> pictures, CancellationToken cancellationToken)
    {
        var model = OnnxFile.Load(info.Path);
        var unknownToLift = OpsetLift.Apply(model);
        GraphCleaning.Apply(model);
        var folded = BatchNormFolding.Apply(model.Graph);
        var plan = new QuantizationPlanner(model.Graph, settings).Plan();
        if (plan.Weighted.Count == 0)
        {
            throw new InvalidDataException(
                $"it has no convolution or fully connected layer with constant weights (its operators: {string.Join(", ", plan.KeptInFp32.Keys)})");
        }

        var ranges = new Calibrator(settings.Method, settings.Percentile).Run(model, info, plan.Measured, pictures, cancellationToken);
        new QdqWriter(model.Graph, plan, ranges, settings).Write();
        Describe(model, info);
        return new QuantizedModel(model, plan.Weighted.Count, plan.Elementwise.Count, folded, plan.KeptInFp32, unknownToLift);
    }

    private void Describe(ModelProto model, ModelInfo info)
    {
        model.ProducerName = "keda-inference";
        Set(model, ModelInspector.WeightBitsKey, settings.WeightBits.ToString());
        Set(model, ModelInspector.QuantizedFromKey, info.Weights);
        Set(model, ModelInspector.NameKey, info.Name);
    }

    private static void Set(ModelProto model, string key, string value)
    {
        if (model.MetadataProps.FirstOrDefault(entry => entry.Key == key) is { } entry)
            entry.Value = value;
        else
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }
}

/// <summary>An int8 model and how it came to be.</summary>
/// <param name="Model">The model.</param>
/// <param name="Weighted">Convolutions and fully connected layers in int8.</param>
/// <param name="Others">Other nodes on bytes.</param>
/// <param name="FoldedNormalizations">Batch normalisations folded into convolutions.</param>
/// <param name="KeptInFp32">Operators that stay in fp32, with their number.</param>
/// <param name="UnknownToLift">Operators of an old opset that were taken over as they were.</param>
internal sealed record QuantizedModel(
    ModelProto Model,
    int Weighted,
    int Others,
    int FoldedNormalizations,
    IReadOnlyDictionary<string, int> KeptInFp32,
    IReadOnlyList<string> UnknownToLift);
