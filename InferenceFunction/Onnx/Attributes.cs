using Google.Protobuf;

namespace Keda.Inference.InferenceFunction.Onnx;

/// <summary>Writing and reading of a node's attributes.</summary>
internal static class Attributes
{
    public static NodeProto With(this NodeProto node, string name, long value)
    {
        node.Attribute.Add(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });
        return node;
    }

    public static NodeProto With(this NodeProto node, string name, float value)
    {
        node.Attribute.Add(new AttributeProto { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float });
        return node;
    }

    public static NodeProto With(this NodeProto node, string name, params long[] values)
    {
        node.Attribute.Add(new AttributeProto { Name = name, Ints = { values }, Type = AttributeProto.Types.AttributeType.Ints });
        return node;
    }

    public static NodeProto With(this NodeProto node, string name, string value)
    {
        node.Attribute.Add(
            new AttributeProto { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String });
        return node;
    }

    public static AttributeProto? Find(this NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public static long Int(this NodeProto node, string name, long otherwise) =>
        node.Find(name) is { } attribute ? attribute.I : otherwise;

    public static float Float(this NodeProto node, string name, float otherwise) =>
        node.Find(name) is { } attribute ? attribute.F : otherwise;

    public static bool Remove(this NodeProto node, string name) =>
        node.Find(name) is { } attribute && node.Attribute.Remove(attribute);
}
