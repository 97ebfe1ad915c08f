using Microsoft.ML.OnnxRuntime;

namespace Keda.Inference.InferenceFunction.Sessions;

/// <summary>
/// Input and output memory of one inference, allocated and bound once. The arrays are pinned: ONNX Runtime reads and writes them in
/// place.
/// </summary>
internal sealed class BatchBuffer : IDisposable
{
    private readonly InferenceSession _session;
    private readonly Classifier _classifier;
    private readonly RunOptions _run = new();
    private readonly Bound?[] _bound;
    private readonly float[] _input;
    private readonly float[] _output;

    public BatchBuffer(InferenceSession session, Classifier classifier)
    {
        (_session, _classifier) = (session, classifier);
        _bound = new Bound?[classifier.MaxBatch + 1];
        _input = GC.AllocateArray<float>(classifier.MaxBatch * classifier.ItemLength, pinned: true);
        _output = GC.AllocateArray<float>(classifier.MaxBatch * classifier.Model.Classes, pinned: true);
    }

    /// <summary>The most pictures it takes, at most <paramref name="wanted"/>.</summary>
    public int Capacity(int wanted) => Math.Min(wanted, _classifier.MaxBatch);

    /// <summary>Where one picture goes.</summary>
    public Span<float> Input(int item) => _input.AsSpan(item * _classifier.ItemLength, _classifier.ItemLength);

    /// <summary>The model's output for one picture.</summary>
    public Span<float> Output(int item) => _output.AsSpan(item * _classifier.Model.Classes, _classifier.Model.Classes);

    /// <summary>Computes the first <paramref name="items"/> pictures.</summary>
    public void Run(int items)
    {
        var batch = _classifier.Model.FixedBatch ?? items;
        var bound = _bound[batch] ??= Bind(batch);
        _session.RunWithBinding(_run, bound.Binding);
    }

    public void Dispose()
    {
        foreach (var bound in _bound)
            bound?.Dispose();
        _run.Dispose();
    }

    private Bound Bind(int batch)
    {
        var model = _classifier.Model;
        var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _input.AsMemory(0, batch * _classifier.ItemLength), [batch, 3, _classifier.Height, _classifier.Width]);
        // Some classifiers keep empty axes behind the classes: [N, classes, 1, 1].
        var rank = Math.Max(2, _session.OutputMetadata[model.OutputName].Dimensions.Length);
        var shape = new long[rank];
        Array.Fill(shape, 1);
        (shape[0], shape[1]) = (batch, model.Classes);
        var output = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _output.AsMemory(0, batch * model.Classes), shape);
        var binding = _session.CreateIoBinding();
        binding.BindInput(model.InputName, input);
        binding.BindOutput(model.OutputName, output);
        return new Bound(binding, input, output);
    }

    private sealed record Bound(OrtIoBinding Binding, OrtValue Input, OrtValue Output) : IDisposable
    {
        public void Dispose()
        {
            Binding.Dispose();
            Input.Dispose();
            Output.Dispose();
        }
    }
}
