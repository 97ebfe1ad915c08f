using System.Net.Http.Headers;
using System.Text.Json;

namespace Keda.Inference.LocalCluster;

/// <summary>Sends one generated picture through the whole path and prints the answer with its timings.</summary>
internal sealed class SelfTest(Uri address, ClusterConsole console, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(90) };
        using var picture = new ByteArrayContent(GeneratedPictures.Jpeg());
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        var start = time.GetTimestamp();
        using var answer = await http.PostAsync(new Uri("/predict", UriKind.Relative), picture, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var elapsed = time.GetElapsedTime(start);
        if (!answer.IsSuccessStatusCode)
            throw new ClusterException($"The first picture was answered {(int)answer.StatusCode}: {text}");
        Print(text, elapsed);
    }

    private void Print(string text, TimeSpan elapsed)
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        var model = root.GetProperty("model");
        var timings = root.GetProperty("timings");
        console.Plain($"first picture: answered in {elapsed.TotalMilliseconds:0} ms by {model.GetProperty("name").GetString()}, weights {model.GetProperty("weights").GetString()}");
        foreach (var prediction in root.GetProperty("predictions").EnumerateArray())
            console.Plain($"  {prediction.GetProperty("probability").GetDouble(),7:0.00%}  {prediction.GetProperty("label").GetString()}");
        console.Plain(
            $"  timings in ms: queue {Of("queue")}, preprocess {Of("preprocess")}, inference {Of("inference")}, total {Of("total")}");
        if (model.GetProperty("weights").GetString() == "untrained")
            console.Plain("  The weights are untrained: the cost is real, the labels are nonsense. See 'model fetch' in the README.");

        string Of(string stage) => $"{timings.GetProperty(stage).GetDouble():0.0}";
    }
}
