using Keda.Inference.InferenceFunction.Models.Untrained;
using Keda.Inference.InferenceFunction.Onnx;

namespace Keda.Inference.InferenceFunction.Models;

/// <summary>Finds the model that the options mean: the given file, else the fetched one, else an untrained ResNet18.</summary>
internal sealed partial class ModelSource(ModelOptions options, ILogger<ModelSource> logger)
{
    private readonly ModelCache _cache = ModelCache.In(options.CacheDirectory);

    /// <summary>The model to serve.</summary>
    /// <exception cref="ModelException">There is none such; one line for the user.</exception>
    public ModelInfo Resolve()
    {
        if (!string.IsNullOrWhiteSpace(options.Path))
            return InPrecision(ModelInspector.Inspect(options.Path));
        if (File.Exists(_cache.Fetched))
            return InPrecision(ModelInspector.Inspect(_cache.Fetched));

        var model = UntrainedModel.GetOrCreate(_cache, LogBuilt);
        LogUntrained(model.Path);
        return InPrecision(model);
    }

    private ModelInfo InPrecision(ModelInfo model)
    {
        if (options.Precision == ModelPrecision.Fp32 || model.Precision == ModelPrecision.Int8)
            return model;

        var quantized = ModelCache.QuantizedBeside(model.Path);
        if (File.Exists(quantized))
            return ModelInspector.Inspect(quantized);
        throw new ModelException(
            $"Model:Precision is int8, and {quantized} does not exist: make it with 'model quantize --model {model.Path} --calibrate FOLDER --output {quantized}'.");
    }

    [LoggerMessage(LogLevel.Information, "Built the untrained ResNet18 as {Path} in {Milliseconds:F0} ms.")]
    private partial void LogBuilt(string path, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "The model {Path} is UNTRAINED: its answers cost what real ones cost and mean nothing. Run 'model fetch' once, or set Model:Path.")]
    private partial void LogUntrained(string path);
}
