using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Preprocessing;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.InferenceFunction.Sessions;

/// <summary>From a model file to a warmed-up <see cref="Classifier"/>.</summary>
internal sealed partial class ClassifierLoader(RuntimeOptions runtime, PreprocessOptions preprocess, ILogger<ClassifierLoader> logger)
{
    /// <exception cref="ModelException">The model cannot be used as the options ask; one line for the user.</exception>
    public Classifier Load(ModelInfo model, ModelOptions options, int maxBatch)
    {
        if (model.FixedBatch is { } only && maxBatch > only)
            throw new ModelException($"The model {model.Path} takes {only} picture(s) at once and Worker:MaxBatch is {maxBatch}: set it to {only}.");
        var labels = ClassLabels.For(model, options.Labels);
        var threads = runtime.Threads > 0 ? runtime.Threads : CpuLimit.WholeCores();
        var session = OptimizedModel.Open(model, options, runtime, () => Settings(threads), LogOptimized);
        try
        {
            var (width, height) = InputSize(session, model);
            var classifier = new Classifier(session, model, labels, width, height, maxBatch);
            WarmUp(classifier);
            LogReady(model.Name, model.Weights, model.Precision.ToWord(), width, height, threads, runtime.ExecutionProvider);
            return classifier;
        }
        catch (OnnxRuntimeException error)
        {
            session.Dispose();
            throw new ModelException($"The model {model.Path} cannot compute a picture: {error.Message}", error);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SessionOptions Settings(int threads)
    {
        var settings = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            EnableCpuMemArena = runtime.Arena,
            EnableMemoryPattern = runtime.MemoryPattern,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // A spinning thread would eat the very quota that the next picture needs.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        if (runtime.ExecutionProvider == "cuda")
            AddCuda(settings);
        return settings;
    }

    private static void AddCuda(SessionOptions settings)
    {
        try
        {
            settings.AppendExecutionProvider_CUDA();
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            settings.Dispose();
            throw new ModelException(
                "Runtime:ExecutionProvider is cuda, and this build's ONNX Runtime has no CUDA provider: build with the package Microsoft.ML.OnnxRuntime.Gpu, or set it to cpu.", error);
        }
    }

    private (int Width, int Height) InputSize(InferenceSession session, ModelInfo model)
    {
        var shape = session.InputMetadata[model.InputName].Dimensions;
        var (height, width) = (Size(shape[2]), Size(shape[3]));
        if (preprocess.Crop > 0 && (preprocess.Crop != height || preprocess.Crop != width))
            throw new ModelException($"The model {model.Path} takes pictures of {width} x {height} pixels, and Preprocess:Crop is {preprocess.Crop}: they must agree (0 takes the model's).");
        if (Math.Max(width, height) > preprocess.Resize)
            throw new ModelException($"The model {model.Path} takes pictures of {width} x {height} pixels, and Preprocess:Resize is {preprocess.Resize}: it must be at least {Math.Max(width, height)}.");
        return (width, height);
    }

    // A free dimension takes the crop that was asked for, or ImageNet's usual one.
    private int Size(int dimension) => dimension > 0 ? dimension : preprocess.Crop > 0 ? preprocess.Crop : 224;

    private static void WarmUp(Classifier classifier)
    {
        using var buffer = classifier.CreateBuffer();
        buffer.Run(1);
        foreach (var score in buffer.Output(0))
        {
            if (!float.IsFinite(score))
                throw new ModelException($"The model {classifier.Model.Path} answers a black picture with {score}: its scores must be finite numbers.");
        }
    }

    [LoggerMessage(LogLevel.Information, "Optimised the graph in {Milliseconds:F0} ms and kept it as {Path}.")]
    private partial void LogOptimized(string path, double milliseconds);

    [LoggerMessage(LogLevel.Information, "Model {Model} (weights {Weights}, {Precision}) takes {Width} x {Height} pixels; {Threads} thread(s) on {Provider}.")]
    private partial void LogReady(string model, string weights, string precision, int width, int height, int threads, string provider);
}
