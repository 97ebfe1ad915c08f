using Keda.Inference.InferenceFunction.Models;
using Microsoft.ML.OnnxRuntime;

namespace Keda.Inference.InferenceFunction.Sessions;

/// <summary>A model that is ready to compute.</summary>
internal sealed class Classifier : IDisposable
{
    private readonly InferenceSession _session;

    public Classifier(InferenceSession session, ModelInfo model, ClassLabels labels, int width, int height, int maxBatch)
    {
        _session = session;
        (Model, Labels, Width, Height) = (model, labels, width, height);
        MaxBatch = model.FixedBatch ?? maxBatch;
    }

    public ModelInfo Model { get; }

    public ClassLabels Labels { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The most pictures in one inference.</summary>
    public int MaxBatch { get; }

    /// <summary>Floats of one picture.</summary>
    public int ItemLength => 3 * Width * Height;

    /// <summary>Buffers for one inference at a time; several may be filled at once.</summary>
    public BatchBuffer CreateBuffer() => new(_session, this);

    public void Dispose() => _session.Dispose();
}
