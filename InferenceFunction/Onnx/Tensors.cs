using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Keda.Inference.InferenceFunction.Onnx;

/// <summary>Tensors of a model file as arrays, and back. The file is little-endian, and so is every machine ONNX Runtime runs on.</summary>
internal static class Tensors
{
    public static TensorProto Floats(string name, ReadOnlySpan<float> values, params long[] dims) =>
        Raw(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), dims);

    public static TensorProto Bytes(string name, ReadOnlySpan<byte> values, params long[] dims) =>
        Raw(name, TensorProto.Types.DataType.Uint8, values, dims);

    public static TensorProto SignedBytes(string name, ReadOnlySpan<sbyte> values, params long[] dims) =>
        Raw(name, TensorProto.Types.DataType.Int8, MemoryMarshal.AsBytes(values), dims);

    public static TensorProto Ints(string name, ReadOnlySpan<int> values, params long[] dims) =>
        Raw(name, TensorProto.Types.DataType.Int32, MemoryMarshal.AsBytes(values), dims);

    public static TensorProto Longs(string name, ReadOnlySpan<long> values, params long[] dims) =>
        Raw(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), dims);

    /// <summary>The number of elements its dimensions say.</summary>
    public static long Count(IEnumerable<long> dims) => dims.Aggregate(1L, (product, dim) => checked(product * dim));

    /// <summary>The values of a float tensor, however it is stored.</summary>
    /// <exception cref="InvalidDataException">It is no float tensor, keeps its data elsewhere, or has another length than its dimensions say.</exception>
    public static float[] ToFloats(this TensorProto tensor)
    {
        if (tensor.DataType != (int)TensorProto.Types.DataType.Float)
            throw new InvalidDataException($"tensor '{tensor.Name}' is not of 32-bit floats (ONNX type {tensor.DataType})");
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            throw new InvalidDataException($"tensor '{tensor.Name}' is stored in a file of its own; save the model as a single file");

        var count = Count(tensor.Dims);
        var values = new float[tensor.HasRawData ? tensor.RawData.Length / sizeof(float) : tensor.FloatData.Count];
        if (values.Length != count || (tensor.HasRawData && tensor.RawData.Length % sizeof(float) != 0))
            throw new InvalidDataException($"tensor '{tensor.Name}' has {values.Length} values where its dimensions say {count}");

        if (tensor.HasRawData)
        {
            tensor.RawData.Span.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        else
        {
            tensor.FloatData.CopyTo(values, 0);
        }

        return values;
    }

    private static TensorProto Raw(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, long[] dims) =>
        new() { Name = name, DataType = (int)type, Dims = { dims }, RawData = ByteString.CopyFrom(bytes) };
}
