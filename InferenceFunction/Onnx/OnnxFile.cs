using Google.Protobuf;
using Keda.Inference.InferenceFunction.Models;

namespace Keda.Inference.InferenceFunction.Onnx;

/// <summary>Model files on disk.</summary>
internal static class OnnxFile
{
    /// <summary>Reads all of a file.</summary>
    /// <exception cref="ModelException">It cannot be read or is no ONNX model.</exception>
    public static ModelProto Load(string path) =>
        Parse(path, stream => ModelProto.Parser.ParseFrom(stream), model => model.Graph?.Node.Count > 0);

    /// <summary>Reads all but the weights' bytes.</summary>
    /// <exception cref="ModelException">It cannot be read or is no ONNX model.</exception>
    public static ModelOutline LoadOutline(string path) =>
        Parse(
            path,
            stream => ModelOutline.Parser.WithDiscardUnknownFields(true).ParseFrom(stream),
            model => model.Graph?.Node.Count > 0);

    /// <summary>Writes a file so that others see it whole or not at all.</summary>
    public static void Save(ModelProto model, string path) => ModelCache.WriteAtomically(path, model.WriteTo);

    private static T Parse<T>(string path, Func<Stream, T> parse, Func<T, bool> hasGraph)
    {
        if (Directory.Exists(path))
            throw new ModelException($"The model {path} is a directory: give the path of an ONNX file.");
        if (!File.Exists(path))
            throw new ModelException($"The model file {path} does not exist.");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            var model = parse(stream);
            return hasGraph(model) ? model : throw new ModelException($"The file {path} is no ONNX model: it holds no graph.");
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ModelException($"The file {path} is no ONNX model, or is damaged: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"The model file {path} cannot be read: {error.Message}", error);
        }
    }
}
