using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Keda.Inference.Deploy.Tests.Support;

/// <summary>YAML as JSON nodes, merge keys and several documents included.</summary>
internal static class Yaml
{
    public static IReadOnlyList<JsonNode> Documents(string text)
    {
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var serializer = new SerializerBuilder().JsonCompatible().Build();
        var parser = new MergingParser(new Parser(new StringReader(text)));
        parser.Consume<StreamStart>();
        var documents = new List<JsonNode>();
        while (parser.Accept<DocumentStart>(out _))
        {
            if (deserializer.Deserialize<object?>(parser) is { } document)
                documents.Add(JsonNode.Parse(serializer.Serialize(document))!);
        }
        return documents;
    }

    public static JsonNode Single(string path) => Documents(File.ReadAllText(path)).Single();
}
