using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Comparison.Kubernetes;
using Keda.Inference.LoadTest.Tests.Sending;
using Keda.Inference.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keda.Inference.LoadTest.Tests.Comparison;

public sealed class KubernetesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loadtest-").FullName;
    private readonly ConcurrentQueue<(string Method, string Path, string Type, string Body)> _calls = new();
    private int _wanted = 3;
    private Action? _onCreated;

    // What somebody had before the comparison: paused, and with a scale-out of its own.
    private JsonObject? _scaledObject = Live(new JsonObject
    {
        ["apiVersion"] = "keda.sh/v1alpha1",
        ["kind"] = "ScaledObject",
        ["metadata"] = new JsonObject
        {
            ["name"] = "resnet18", ["namespace"] = "keda-inference", ["uid"] = "1", ["resourceVersion"] = "7", ["annotations"] = new JsonObject { ["autoscaling.keda.sh/paused"] = "true" },
        },
        ["spec"] = new JsonObject { ["scaleTargetRef"] = new JsonObject { ["name"] = "keda-inference-resnet18" }, ["cooldownPeriod"] = 77 },
    });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("queue-proportional")]
    [InlineData("queue-depth")]
    [InlineData("slo")]
    [InlineData("cpu-70")]
    [InlineData("cpu-90")]
    public void ScaledObjectFile_OfTheRepository_IsRead(string policy)
    {
        var file = ScaledObjectFile.Read(RepositoryPaths.Of("keda"), policy);
        file.MinReplicas.ShouldBe(1);
        file.MaxReplicas.ShouldBe(6);
        file.Deployment.ShouldBe("keda-inference-resnet18");
        // Numbers stay numbers and quoted ones strings: the API server refuses either for the other.
        file.Object["spec"]!["minReplicaCount"]!.GetValueKind().ShouldBe(JsonValueKind.Number);
        foreach (var (_, value) in file.Object["spec"]!["triggers"]![0]!["metadata"]!.AsObject())
            value!.GetValueKind().ShouldBe(JsonValueKind.String);
    }

    [Theory]
    [InlineData("kind: Pod", "is no ScaledObject")]
    [InlineData("a: [", "is no YAML")]
    [InlineData("kind: ScaledObject\nmetadata: {name: x}\nspec: {}", "has no spec.scaleTargetRef.name")]
    public void ScaledObjectFile_Wrong_SaysWhy(string yaml, string message) =>
        Should.Throw<UsageException>(() => ScaledObjectFile.Parse(yaml, "x.yaml")).Message.ShouldContain(message);

    [Fact]
    public async Task Compare_OnACluster_MakesEachAnewWaitsForQuietRecordsAndPutsBack()
    {
        await using var service = await StartAsync();
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await LoadTestProgram.RunAsync(
            ["compare", "--kubernetes", "--target", service.Root.ToString(), "--kubeconfig", KubeConfig(service), "--scaled-objects", RepositoryPaths.Of("keda"),
                "--policies", "slo,static-2", "--rate", "20", "--duration", "2s", "--small-pictures", "--max-lag", "10s", "--quiet-limit", "30s", "--json", "--output", _folder],
            output, error, TestContext.Current.CancellationToken);
        code.ShouldBe(0, error.ToString());

        var scaledObjects = Objects().ToList();
        scaledObjects.Select(call => call.Method).ShouldBe(["DELETE", "POST", "DELETE", "POST"]); // slo, nothing for static-2, and what was there
        JsonDocument.Parse(scaledObjects[1].Body).RootElement.GetProperty("spec").GetProperty("triggers")[0].GetProperty("metadata").GetProperty("policy").GetString().ShouldBe("slo");
        scaledObjects[1].Body.ShouldNotContain("paused");
        ShouldBePutBack();

        var policies = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("policies");
        policies.EnumerateArray().Select(policy => policy.GetProperty("policy").GetString()).ShouldBe(["slo", "static-2"]);
        policies[0].GetProperty("peak_replicas").GetInt32().ShouldBe(1);
        policies[1].GetProperty("peak_replicas").GetInt32().ShouldBe(2);
        policies[1].GetProperty("replica_seconds").GetDouble().ShouldBe(4, 0.001);
        policies[1].GetProperty("mean_cpu_cores").GetDouble().ShouldBe(0.75, 0.001);
        // Two containers of 250m and half a core.
        File.ReadLines(Path.Combine(_folder, "timeline.csv")).ShouldContain(line => line.StartsWith("slo,1,", StringComparison.Ordinal) && line.EndsWith(",0.75", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(Path.Combine(_folder, "report.html"), TestContext.Current.CancellationToken)).ShouldContain("cores (metrics API)");
    }

    [Fact]
    public async Task Compare_Interrupted_PutsBackWhatWasThere()
    {
        await using var service = await StartAsync();
        using var interrupt = new CancellationTokenSource();
        _onCreated = interrupt.Cancel;
        await LoadTestProgram.RunAsync(
            ["compare", "--kubernetes", "--target", service.Root.ToString(), "--kubeconfig", KubeConfig(service), "--scaled-objects", RepositoryPaths.Of("keda"),
                "--policies", "slo,cpu-70", "--rate", "20", "--duration", "60s", "--small-pictures"],
            TextWriter.Null, TextWriter.Null, interrupt.Token);
        Objects().Select(call => call.Method).ShouldBe(["DELETE", "POST", "DELETE", "POST"]);
        ShouldBePutBack();
    }

    [Fact]
    public void RequireOneWorkload_TwoDeployments_SaysWhich()
    {
        var file = ScaledObjectFile.Read(RepositoryPaths.Of("keda"), "slo");
        Should.Throw<UsageException>(() => ScaledObjectFile.RequireOneWorkload([file, file with { Deployment = "other" }])).Message
            .ShouldContain("keda-inference/resnet18 for Deployment other");
    }

    [Fact]
    public async Task Compare_ServerRefuses_Is1WithItsWords()
    {
        await using var service = await StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "goldfish"), app => app.MapFallback("{*path}", (HttpContext context) =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsJsonAsync(new { kind = "Status", message = "scaledobjects.keda.sh is forbidden" });
        }));
        var error = new StringWriter();
        var code = await LoadTestProgram.RunAsync(
            ["compare", "--kubernetes", "--target", service.Root.ToString(), "--kubeconfig", KubeConfig(service), "--scaled-objects", RepositoryPaths.Of("keda"),
                "--policies", "slo", "--rate", "20", "--duration", "1s", "--small-pictures"],
            TextWriter.Null, error, TestContext.Current.CancellationToken);
        code.ShouldBe(1);
        error.ToString().ShouldContain("403 scaledobjects.keda.sh is forbidden");
    }

    private Task<StubService> StartAsync() => StubService.StartAsync((context, _) => StubService.AnswerAsync(context, "goldfish"), app =>
    {
        app.MapGet("/metrics", () => "keda_inference_ingress_queue_waiting{queue=\"resnet18\"} 0\n");
        app.MapFallback("{*path}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            var path = context.Request.Path.Value!;
            _calls.Enqueue((context.Request.Method, path, context.Request.ContentType ?? "", body));
            var answer = Answer(context.Request.Method, path, body);
            context.Response.StatusCode = answer is null ? 404 : 200;
            await context.Response.WriteAsJsonAsync(answer ?? new { kind = "Status", message = "not found" });
        });
    });

    /// <summary>A cluster with KEDA that scales at once to what /scale is patched with.</summary>
#pragma warning disable CA1859 // it does return different things
    private object? Answer(string method, string path, string body)
    {
        if (path.EndsWith("/scale", StringComparison.Ordinal))
        {
            _wanted = JsonDocument.Parse(body).RootElement.GetProperty("spec").GetProperty("replicas").GetInt32();
            return new { apiVersion = "autoscaling/v1", kind = "Scale", spec = new { replicas = _wanted } };
        }

        if (path.Contains("/scaledobjects", StringComparison.Ordinal))
            return ScaledObject(method, body);

        if (path.EndsWith("/horizontalpodautoscalers/keda-hpa-resnet18", StringComparison.Ordinal))
            return _scaledObject is null ? null : new { apiVersion = "autoscaling/v2", kind = "HorizontalPodAutoscaler", metadata = new { name = "keda-hpa-resnet18" } };
        if (path.StartsWith("/apis/metrics.k8s.io/v1beta1/namespaces/keda-inference/pods", StringComparison.Ordinal))
            return new { items = new[] { new { containers = new object[] { new { name = "a", usage = new { cpu = "250m" } }, new { name = "b", usage = new { cpu = "500000000n" } } } } } };
        if (path == "/apis/apps/v1/namespaces/keda-inference/deployments/keda-inference-resnet18")
        {
            return new
            {
                apiVersion = "apps/v1", kind = "Deployment", metadata = new { name = "keda-inference-resnet18" },
                spec = new { replicas = _wanted, selector = new { matchLabels = new { app = "worker" } } },
                status = new { replicas = _wanted, readyReplicas = _wanted },
            };
        }

        return new { kind = "Status", status = "Success" };
    }
#pragma warning restore CA1859

    private JsonObject? ScaledObject(string method, string body)
    {
        var before = _scaledObject;
        if (method == "DELETE")
        {
            _scaledObject = null;
            return before;
        }

        if (method == "POST")
        {
            _scaledObject = Live(JsonNode.Parse(body)!.AsObject());
            _onCreated?.Invoke();
        }

        return _scaledObject;
    }

    private static JsonObject Live(JsonObject created)
    {
        created["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }) };
        return created;
    }

    private IEnumerable<(string Method, string Path, string Type, string Body)> Objects() =>
        _calls.Where(call => call.Method != "GET" && call.Path.Contains("/scaledobjects", StringComparison.Ordinal));

    private void ShouldBePutBack()
    {
        _wanted.ShouldBe(3);
        var created = _scaledObject.ShouldNotBeNull();
        ((string?)created["metadata"]!["annotations"]!["autoscaling.keda.sh/paused"]).ShouldBe("true");
        created["metadata"]!["resourceVersion"].ShouldBeNull();
        ((int?)created["spec"]!["cooldownPeriod"]).ShouldBe(77);
    }

    private string KubeConfig(StubService service)
    {
        var path = Path.Combine(_folder, "kubeconfig");
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: stub
            contexts:
              - name: stub
                context: { cluster: stub, user: stub }
            clusters:
              - name: stub
                cluster: { server: "{{service.Root.ToString().TrimEnd('/')}}" }
            users:
              - name: stub
                user: { token: none }
            """);
        return path;
    }
}
