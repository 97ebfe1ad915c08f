using Keda.Inference.InferenceFunction.Models;
using Microsoft.ML.OnnxRuntime;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>A model opened for one picture at a time. Owns its session.</summary>
internal sealed class Network : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ModelInfo _info;
    private readonly float[] _input;
    private readonly OrtValue _inputValue;
    private readonly RunOptions _runOptions = new();

    public Network(InferenceSession session, ModelInfo info)
    {
        _session = session;
        _info = info;
        var batch = info.FixedBatch ?? 1;
        _input = new float[batch * 3 * info.InputHeight * info.InputWidth];
        _inputValue = OrtValue.CreateTensorValueFromMemory(_input, [batch, 3, info.InputHeight, info.InputWidth]);
    }

    public delegate void OutputReader(string name, ReadOnlySpan<float> values);

    /// <summary>The scores of one picture.</summary>
    /// <exception cref="ModelException">ONNX Runtime fails.</exception>
    public float[] Scores(float[] picture)
    {
        float[] scores = [];
        Run(picture, [_info.OutputName], (_, values) => scores = values[.._info.Classes].ToArray());
        return scores;
    }

    /// <summary>Computes the named tensors and shows each to <paramref name="read"/>, which must not keep it.</summary>
    /// <exception cref="ModelException">ONNX Runtime fails.</exception>
    public void Run(float[] picture, string[] outputs, OutputReader read)
    {
        // A model for several pictures at once gets the same one several times.
        for (var offset = 0; offset < _input.Length; offset += picture.Length)
            picture.CopyTo(_input, offset);
        try
        {
            using var results = _session.Run(_runOptions, [_info.InputName], [_inputValue], outputs);
            for (var i = 0; i < outputs.Length; i++)
                read(outputs[i], results[i].GetTensorDataAsSpan<float>());
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException($"The model {_info.Path} cannot be run: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        _inputValue.Dispose();
        _runOptions.Dispose();
        _session.Dispose();
    }
}
