using Keda.Inference.InferenceFunction.Models;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.InferenceFunction.Onnx;

/// <summary>Opens models in ONNX Runtime, whose errors become one line for the user.</summary>
internal static class OnnxRuntimeSessions
{
    /// <exception cref="ModelException">ONNX Runtime cannot load the model.</exception>
    public static InferenceSession Open(string path, SessionOptions options) =>
        Guard(path, () => new InferenceSession(path, options));

    /// <exception cref="ModelException">ONNX Runtime cannot load the model.</exception>
    public static InferenceSession Open(string name, byte[] model, SessionOptions options) =>
        Guard(name, () => new InferenceSession(model, options));

    /// <summary>Nothing about the pictures or the machine is sent anywhere; to be called before the first session.</summary>
    public static void WithoutTelemetry() => OrtEnv.Instance().DisableTelemetryEvents();

    private static InferenceSession Guard(string name, Func<InferenceSession> open)
    {
        try
        {
            WithoutTelemetry();
            return open();
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException($"ONNX Runtime cannot load the model {name}: {error.Message}", error);
        }
    }
}
