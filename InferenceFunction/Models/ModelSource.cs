using Keda.Inference.InferenceFunction.Models.Untrained;
using Keda.Inference.InferenceFunction.Quantization;

namespace Keda.Inference.InferenceFunction.Models;

/// <summary>Finds the model that the options mean: the given file, else the fetched one, else an untrained ResNet18.</summary>
internal sealed partial class ModelSource(ModelOptions options, ILogger<ModelSource> logger)
{
    private readonly ModelCache _cache = ModelCache.In(options.CacheDirectory);

    /// <summary>The model to serve.</summary>
    /// <exception cref="ModelException">There is none such; one line for the user.</exception>
    public ModelInfo Resolve()
    {
        var model = InPrecision(Find());
        if (model.IsUntrained)
            LogUntrained(model.Path);
        if (model.Precision == ModelPrecision.Int8 && Int8Support.Warning(Int8Support.Level, model.WeightBits) is { } warning)
            LogInt8(warning);
        return model;
    }

    private ModelInfo Find()
    {
        if (!string.IsNullOrWhiteSpace(options.Path))
            return ModelInspector.Inspect(options.Path);
        return File.Exists(_cache.Fetched) ? ModelInspector.Inspect(_cache.Fetched) : UntrainedModel.GetOrCreate(_cache, LogBuilt);
    }

    private ModelInfo InPrecision(ModelInfo model)
    {
        if (options.Precision == ModelPrecision.Fp32 || model.Precision == ModelPrecision.Int8)
            return model;

        var quantized = ModelCache.QuantizedBeside(model.Path);
        if (model.Path == _cache.UntrainedModel)
            return UntrainedModel.GetOrQuantize(model, quantized, LogBuilt);
        var make = $"make it with 'model quantize --model {model.Path} --calibrate FOLDER --output {quantized}'.";
        if (!File.Exists(quantized))
            throw new ModelException($"Model:Precision is int8, and {quantized} does not exist: {make}");

        var info = ModelInspector.Inspect(quantized);
        if (info.Precision != ModelPrecision.Int8)
            throw new ModelException($"Model:Precision is int8, and {quantized} is no int8 model: {make}");
        // A model that was trained further or replaced, and an int8 file that was not.
        if (info.QuantizedFrom is { } source && source != model.Weights)
            throw new ModelException($"Model:Precision is int8, and {quantized} was made from a model with the weights {source}; {model.Path} has {model.Weights}: {make}");
        return info;
    }

    [LoggerMessage(LogLevel.Information, "Made the untrained ResNet18 {Path} in {Milliseconds:F0} ms.")]
    private partial void LogBuilt(string path, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private partial void LogInt8(string warning);

    [LoggerMessage(LogLevel.Warning, "The model {Path} is UNTRAINED: its answers cost what real ones cost and mean nothing. Run 'model fetch' once, or set Model:Path.")]
    private partial void LogUntrained(string path);
}
