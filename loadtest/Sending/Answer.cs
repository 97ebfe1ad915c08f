using System.Text.Json;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>What a load test needs of an answer.</summary>
/// <param name="Labels">Predicted labels, best first; at least one.</param>
/// <param name="ServerMs">Total time the service reports; NaN where it reports none.</param>
/// <param name="QueueMs">Of that, the time it waited in the queue; NaN where it reports none.</param>
/// <param name="ServiceMs">Of that, the time a worker was busy with it; NaN where it reports none.</param>
/// <param name="Weights">The weights the answer came from, such as "untrained"; null where not said.</param>
internal sealed record Answer(IReadOnlyList<string> Labels, double ServerMs, double QueueMs, double ServiceMs, string? Weights)
{
    /// <summary>Null where the body is no answer: no JSON, or no predictions in it.</summary>
    public static Answer? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            var labels = LabelsOf(root);
            return labels.Count == 0 ? null : new Answer(
                labels, Timing(root, "total"), Timing(root, "queue"), Timing(root, "preprocess") + Timing(root, "inference"), WeightsOf(root));
        }
        // A string that is no Unicode (half a surrogate pair, bytes that are no UTF-8) is found when it is read, not when it is parsed.
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Ours is <c>predictions: [{label}]</c>; the report's own services answer <c>prediction: "…"</c>.</summary>
    private static List<string> LabelsOf(JsonElement root)
    {
        var labels = new List<string>();
        if (root.TryGetProperty("predictions", out var predictions) && predictions.ValueKind == JsonValueKind.Array)
        {
            foreach (var prediction in predictions.EnumerateArray())
            {
                if (prediction.ValueKind == JsonValueKind.Object && prediction.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.String)
                    labels.Add(label.GetString()!);
            }
        }
        else if (root.TryGetProperty("prediction", out var single))
        {
            var element = single.ValueKind == JsonValueKind.Object && single.TryGetProperty("prediction", out var inner) ? inner : single;
            if (element.ValueKind == JsonValueKind.String)
                labels.Add(element.GetString()!);
        }

        return labels;
    }

    private static double Timing(JsonElement root, string name) =>
        root.TryGetProperty("timings", out var timings) && timings.ValueKind == JsonValueKind.Object
        && timings.TryGetProperty(name, out var timing) && timing.ValueKind == JsonValueKind.Number && timing.TryGetDouble(out var ms)
            ? ms
            : double.NaN;

    private static string? WeightsOf(JsonElement root) =>
        root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.Object
        && model.TryGetProperty("weights", out var weights) && weights.ValueKind == JsonValueKind.String
            ? weights.GetString()
            : null;
}
