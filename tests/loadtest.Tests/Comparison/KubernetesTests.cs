using System.Collections.Concurrent;
using System.Text.Json;
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
    public async Task Compare_OnACluster_AppliesEachWaitsForQuietAndRecords()
    {
        await using var service = await StartAsync();
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await LoadTestProgram.RunAsync(
            ["compare", "--kubernetes", "--target", service.Root.ToString(), "--kubeconfig", KubeConfig(service), "--scaled-objects", RepositoryPaths.Of("keda"),
                "--policies", "slo,static-2", "--rate", "20", "--duration", "2s", "--small-pictures", "--max-lag", "10s", "--quiet-limit", "30s", "--json", "--output", _folder],
            output, error, TestContext.Current.CancellationToken);
        code.ShouldBe(0, error.ToString());

        var apply = _calls.Single(call => call.Method == "PATCH" && call.Path.EndsWith("/scaledobjects/resnet18", StringComparison.Ordinal));
        apply.Type.ShouldStartWith("application/apply-patch+yaml");
        JsonDocument.Parse(apply.Body).RootElement.GetProperty("spec").GetProperty("triggers")[0].GetProperty("metadata").GetProperty("policy").GetString().ShouldBe("slo");
        _calls.ShouldContain(call => call.Method == "DELETE" && call.Path.EndsWith("/scaledobjects/resnet18", StringComparison.Ordinal));
        _calls.ShouldContain(call => call.Method == "PATCH" && call.Path.EndsWith("/deployments/keda-inference-resnet18/scale", StringComparison.Ordinal));

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
            await context.Response.WriteAsJsonAsync(Answer(context.Request.Method, path, body));
        });
    });

    /// <summary>A cluster that scales at once: to 1 when a ScaledObject is applied, and to what /scale is patched with.</summary>
    private object Answer(string method, string path, string body)
    {
        if (path.EndsWith("/scale", StringComparison.Ordinal))
        {
            _wanted = JsonDocument.Parse(body).RootElement.GetProperty("spec").GetProperty("replicas").GetInt32();
            return new { apiVersion = "autoscaling/v1", kind = "Scale", spec = new { replicas = _wanted } };
        }

        if (method == "PATCH")
            _wanted = 1;
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
