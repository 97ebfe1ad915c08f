using System.Text.Json.Nodes;

namespace Keda.Inference.Deploy.Tests.Support;

/// <summary>One object that goes to the API server.</summary>
internal sealed record KubeObject(JsonNode Json)
{
    public string Kind => (string)Json["kind"]!;

    public string Name => (string)Json["metadata"]!["name"]!;

    public string Component => (string?)Json["metadata"]!["labels"]?["app.kubernetes.io/component"] ?? "";

    /// <summary>The pod that it makes, or is; null for other kinds.</summary>
    public JsonNode? Pod => Kind switch
    {
        "Deployment" or "StatefulSet" => Json["spec"]!["template"]!["spec"],
        "Pod" => Json["spec"],
        _ => null,
    };

    public IEnumerable<JsonNode> Containers => Pod?["containers"]!.AsArray().Select(container => container!) ?? [];

    public override string ToString() => $"{Kind}/{Name}";
}
