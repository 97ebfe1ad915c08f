using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Monitoring;

/// <summary>Debian's Prometheus over the real programs: every query of the dashboard and of the rules must find data.</summary>
public sealed partial class LivePrometheusTests
{
    private const string Exporter = "prometheus-redis-exporter";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Queries_OfDashboardAndRules_AllReturnData()
    {
        Assert.SkipUnless(RedisServer.Find("prometheus") is not null, "prometheus is not on PATH.");
        await using var redis = await RedisServer.StartOrSkipAsync(false, "--maxmemory", "256mb");
        var first = Background.FreePorts(7);
        var (http, grpc, scaler, worker, prometheus, exporter) = (first, first + 1, first + 2, first + 3, first + 5, first + 6);
        // One worker and room for few jobs, so that a burst is refused in part and the fast lane has something to do.
        await using var cluster = new Background("dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Keda.Inference.LocalCluster.dll"), "--redis", $"127.0.0.1:{redis.Port}", "--port", $"{http}",
                "--scaler-port", $"{grpc}", "--scaler-http-port", $"{scaler}", "--worker-http-port", $"{worker}", "--min", "1", "--max", "2",
                "--policy", "slo", "--set", "fastLane=true", "--sync-period", "1", "--poll", "1",
            ],
            ("Queue__MaxDepth", "20"));
        var hasExporter = RedisServer.Find(Exporter) is not null;
        await using var redisExporter = hasExporter
            ? new Background(Exporter, ["--redis.addr", $"redis://127.0.0.1:{redis.Port}", "--web.listen-address", $"127.0.0.1:{exporter}"])
            : null;
        await cluster.SaidAsync("ready http://", s_limit);

        var folder = Directory.CreateTempSubdirectory("prometheus-test-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), Configuration(http, scaler, worker, exporter), TestContext.Current.CancellationToken);
        var rules = await File.ReadAllTextAsync(Path.Combine(Chart.Folder, "files", "rules.yaml"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "rules.yml"), rules.Replace("interval: 15s", "interval: 1s"), TestContext.Current.CancellationToken);
        await using var server = new Background("prometheus",
            [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{prometheus}"]);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{prometheus}") };

        // Prometheus needs a sample from before the burst to see that something rose.
        await server.UntilAsync(async () => await HasDataAsync(client, "keda_inference_ingress_requests_in_flight") && await HasDataAsync(client, "keda_inference_worker_in_flight"),
            s_limit, () => server.Output);
        await BurstAsync(http);

        var waiting = Questions(hasExporter).ToList();
        waiting.Count.ShouldBeGreaterThan(50);
        await server.UntilAsync(
            async () =>
            {
                await BurstAsync(http);
                foreach (var question in waiting.ToList())
                {
                    if (await HasDataAsync(client, question))
                        waiting.Remove(question);
                }
                return waiting.Count == 0;
            },
            s_limit, () => $"No data for:\n{string.Join("\n", waiting)}\n{cluster.Output}");

        var groups = JsonNode.Parse(await client.GetStringAsync("/api/v1/rules", TestContext.Current.CancellationToken))!["data"]!["groups"]!.AsArray();
        var evaluated = groups.SelectMany(group => group!["rules"]!.AsArray()).ToList();
        evaluated.Count.ShouldBe(Queries.Rules().Count());
        evaluated.ShouldAllBe(rule => (string)rule!["health"]! == "ok");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Each dashboard query, each recorded series, and each series that an alert looks at (its comparison hides healthy values).</summary>
    private static IEnumerable<string> Questions(bool withRedis)
    {
        var dashboard = Queries.OfDashboard().Select(one => one.Query.Replace("$namespace", ".*").Replace("$__rate_interval", "30s"));
        var recorded = Queries.Rules().Where(rule => rule["record"] is not null).Select(rule => (string)rule["record"]!);
        var watched = Queries.Rules().Where(rule => rule["alert"] is not null).SelectMany(rule => Selector().Matches((string)rule["expr"]!))
            // A healthy system has no series that matches "not OK".
            .Select(match => Negative().Replace(match.Value, ""));
        return dashboard.Concat(recorded).Concat(watched).Distinct().Where(query => withRedis || !query.Contains("redis_"));
    }

    private static async Task<bool> HasDataAsync(HttpClient client, string query)
    {
        using var body = new FormUrlEncodedContent([KeyValuePair.Create("query", query)]);
        JsonNode json;
        try
        {
            using var answer = await client.PostAsync("/api/v1/query", body, TestContext.Current.CancellationToken);
            json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        }
        catch (Exception starting) when (starting is HttpRequestException or System.Text.Json.JsonException)
        {
            return false;
        }
        if ((string?)json["errorType"] == "bad_data")
            Assert.Fail($"{query}: {json["error"]}");
        return json["data"]?["result"]?.AsArray().Count > 0;
    }

    private static async Task BurstAsync(int port)
    {
        var picture = await File.ReadAllBytesAsync(Path.Combine(Chart.Folder, "files", "picture.png"), TestContext.Current.CancellationToken);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            using var content = new ByteArrayContent(picture);
            content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            using var answer = await client.PostAsync($"http://127.0.0.1:{port}/predict", content, TestContext.Current.CancellationToken);
        }));
    }

    private static string Configuration(int ingress, int scaler, int worker, int exporter) =>
        $$$"""
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [rules.yml]
        scrape_configs:
          - job_name: ingress
            static_configs: [{targets: ["127.0.0.1:{{{ingress}}}"], labels: {component: ingress}}]
          - job_name: scaler
            honor_labels: true
            static_configs: [{targets: ["127.0.0.1:{{{scaler}}}"], labels: {component: scaler}}]
          - job_name: worker
            static_configs: [{targets: ["127.0.0.1:{{{worker}}}", "127.0.0.1:{{{worker + 1}}}"], labels: {component: worker, function: resnet18}}]
          - job_name: redis
            static_configs: [{targets: ["127.0.0.1:{{{exporter}}}"], labels: {component: redis}}]
        """;

    [GeneratedRegex(@"keda_inference:[\w:]+|(?:keda_inference_\w+|up|redis_\w+)(?:\{[^}]*\})?")]
    private static partial Regex Selector();

    [GeneratedRegex(@",?\w+!~""[^""]*""")]
    private static partial Regex Negative();
}
