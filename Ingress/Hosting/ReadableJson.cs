using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keda.Inference.Ingress.Hosting;

/// <summary>
/// JSON that leaves apostrophes and other letters as they are. The default escapes what HTML could misread; these answers are never HTML
/// and say so by their type and <c>nosniff</c>.
/// </summary>
internal static class ReadableJson
{
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Options for one serialiser context.</summary>
    public static JsonSerializerOptions Options() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = Encoder,
    };
}
