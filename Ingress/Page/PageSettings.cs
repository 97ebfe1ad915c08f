using System.Text.Json.Serialization;

namespace Keda.Inference.Ingress.Page;

/// <summary>What the page needs to know before it asks for anything.</summary>
/// <param name="Functions">The functions served.</param>
/// <param name="NeedsKey">Whether submissions need a key.</param>
/// <param name="MaxBodyBytes">The largest body.</param>
internal sealed record PageSettings(IReadOnlyList<string> Functions, bool NeedsKey, long MaxBodyBytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PageSettings))]
internal sealed partial class PageJson : JsonSerializerContext;
