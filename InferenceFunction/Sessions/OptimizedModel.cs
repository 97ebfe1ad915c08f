using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.InferenceFunction.Sessions;

/// <summary>
/// Keeps the graph as ONNX Runtime optimised it, so that the next start loads it as it is. The file's name says for which model file,
/// which version of ONNX Runtime and which kind of processor it was made.
/// </summary>
internal static class OptimizedModel
{
    /// <summary>Opens a model, from its optimised copy where there is one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Where the cache is.</param>
    /// <param name="runtime">Whether to keep a copy.</param>
    /// <param name="settings">Makes the session's settings, new for each try.</param>
    /// <param name="optimized">Called with the path and the milliseconds when a copy was made.</param>
    /// <exception cref="ModelException">ONNX Runtime cannot load the model.</exception>
    public static InferenceSession Open(
        ModelInfo model, ModelOptions options, RuntimeOptions runtime, Func<SessionOptions> settings, Action<string, double> optimized)
    {
        // A graph that was partitioned for another device cannot be kept.
        if (!runtime.KeepOptimized || runtime.ExecutionProvider != "cpu")
            return OpenPlain(model, settings);
        var name = FileName(model.Path);
        string[] folders = [Path.GetDirectoryName(model.Path)!, ModelCache.In(options.CacheDirectory).Directory];
        foreach (var folder in folders)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path) && TryOpenKept(path, settings) is { } kept)
                return kept;
        }

        foreach (var folder in folders)
        {
            if (TryOptimize(model, Path.Combine(folder, name), settings, optimized) is { } session)
                return session;
        }

        return OpenPlain(model, settings);
    }

    private static InferenceSession OpenPlain(ModelInfo model, Func<SessionOptions> settings)
    {
        using var plain = settings();
        plain.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
        return OnnxRuntimeSessions.Open(model.Path, plain);
    }

    private static InferenceSession? TryOpenKept(string path, Func<SessionOptions> settings)
    {
        using var kept = settings();
        kept.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        try
        {
            return new InferenceSession(path, kept);
        }
        catch (OnnxRuntimeException)
        {
            // Damaged, or made by a build that disagrees with this one: it is made anew.
            return null;
        }
    }

    private static InferenceSession? TryOptimize(ModelInfo model, string path, Func<SessionOptions> settings, Action<string, double> optimized)
    {
        // Not the process id: those repeat between containers that share a volume.
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var start = Stopwatch.GetTimestamp();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Create(temporary).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        try
        {
            using var writing = settings();
            writing.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
            writing.OptimizedModelFilePath = temporary;
            var session = OnnxRuntimeSessions.Open(model.Path, writing);
            File.Move(temporary, path, overwrite: true);
            optimized(path, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            return session;
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string FileName(string model)
    {
        var file = new FileInfo(model);
        var made = string.Join(
            '|', Path.GetFullPath(model), file.Length, file.LastWriteTimeUtc.Ticks, OrtEnv.Instance().GetVersionString(),
            RuntimeInformation.ProcessArchitecture, Avx2.IsSupported, Avx512F.IsSupported, AvxVnni.IsSupported);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made)))[..12];
        return $"{Path.GetFileNameWithoutExtension(model)}.optimized-{key}.onnx";
    }
}
