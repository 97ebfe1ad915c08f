using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Keda.Inference.EndToEnd.Tests.Support;
using Keda.Inference.LocalCluster;

namespace Keda.Inference.EndToEnd.Tests.LocalCluster;

/// <summary>The main command, as a newcomer uses it, over the embedded store.</summary>
public sealed class LocalClusterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_OnePicturePosted_IsClassified()
    {
        await using var cluster = ClusterProcess.Start();
        (await cluster.LineAsync(line => line.StartsWith("ready", StringComparison.Ordinal), "ready", Cancellation))
            .ShouldBe($"ready http://127.0.0.1:{cluster.Ports[0]}");
        await cluster.LineAsync(line => line.Contains("timings in ms", StringComparison.Ordinal), "the first picture", Cancellation);

        using var http = new HttpClient { BaseAddress = cluster.Address };
        using var picture = new ByteArrayContent(GeneratedPictures.Webp(seed: 5));
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/webp");
        using var form = new MultipartFormDataContent { { picture, "image", "picture.webp" } };
        using var answer = await http.PostAsync(new Uri("/predict", UriKind.Relative), form, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        var root = json.RootElement;
        root.GetProperty("id").GetString().ShouldNotBeNullOrEmpty();
        root.GetProperty("model").GetProperty("name").GetString().ShouldNotBeNullOrEmpty();
        root.GetProperty("model").GetProperty("weights").GetString().ShouldNotBeNullOrEmpty();
        var probabilities = root.GetProperty("predictions").EnumerateArray().Select(one => one.GetProperty("probability").GetDouble()).ToList();
        probabilities.Count.ShouldBe(5);
        probabilities.ShouldBe(probabilities.OrderDescending());
        foreach (var stage in new[] { "queue", "preprocess", "inference", "total" })
            root.GetProperty("timings").GetProperty(stage).GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        // Ingress, scaler and one worker.
        cluster.Children().Count.ShouldBe(3);

        var children = cluster.Children();
        cluster.Signal("INT");

        (await cluster.ExitAsync(Cancellation)).ShouldBe(0);
        children.ShouldAllBe(child => !Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task Killed_ChildrenEndToo()
    {
        await using var cluster = ClusterProcess.Start("--policy", "none");
        await cluster.LineAsync(line => line.Contains("timings in ms", StringComparison.Ordinal), "the first picture", Cancellation);
        var children = cluster.Children();
        children.Count.ShouldBe(3);

        cluster.Signal("KILL");

        await Eventually.TrueAsync(
            () => Task.FromResult(children.All(child => !Directory.Exists($"/proc/{child}"))), "the end of the children", Cancellation);
    }

    [Fact]
    public async Task Demo_Burst_ScalesOutAndInAndExitsWithZero()
    {
        await using var cluster = ClusterProcess.Start("demo");

        var exit = await cluster.ExitAsync(Cancellation);

        exit.ShouldBe(0, cluster.Output);
        cluster.Output.ShouldContain("replicas 1 -> 2: ");
        cluster.Output.ShouldContain("replicas 2 -> 1: ");
        cluster.Output.ShouldContain("200: 300");
        cluster.Output.ShouldContain("p99");
    }

    [Fact]
    public async Task Start_TakenPort_IsOneClearError()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var cluster = ClusterProcess.StartOn([port, .. FreePorts.Take(2)]);

        (await cluster.ExitAsync(Cancellation)).ShouldBe(2);

        cluster.Output.ShouldBe($"Port {port} is taken; stop what listens there or give another with --port.");
    }

    [Fact]
    public async Task Start_ModelThatIsNone_IsOneClearError()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "no model", Cancellation);
        await using var cluster = ClusterProcess.Start("--model", file);

        (await cluster.ExitAsync(Cancellation)).ShouldBe(2);

        cluster.Output.ShouldContain(file);
        cluster.Output.ShouldNotContain("   at ");
        File.Delete(file);
    }

    [Fact]
    public async Task Start_UnknownTriggerMetadata_NamesTheKey()
    {
        await using var cluster = ClusterProcess.Start("--set", "targetQueueLenght=5");

        (await cluster.ExitAsync(Cancellation)).ShouldBe(2);

        cluster.Output.ShouldContain("targetQueueLenght");
        cluster.Output.ShouldContain("targetQueueLength");
    }
}
