using System.Text.Json.Nodes;
using k8s;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.ExternalScaler.Cluster.Kubernetes;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.ExternalScaler.Tests.Support;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using KubeObject = Keda.Inference.Deploy.Tests.Support.KubeObject;

namespace Keda.Inference.Deploy.Tests.Charts;

public class RbacTests
{
    [Fact]
    public async Task Rights_WithFastLane_AreExactlyTheCallsTheScalerMakes()
    {
        var granted = Rights(await Chart.RenderAsync("autoscaling.slo.fastLane=true", "scaler.allNamespaces=true"), "ClusterRole");
        granted.ShouldBe(await CallsAsync(fastLane: true), ignoreOrder: true);
    }

    [Fact]
    public async Task Rights_WithoutFastLane_AreExactlyTheCallsTheScalerMakes()
    {
        var granted = Rights(await Chart.RenderAsync(), "Role");
        granted.ShouldBe(await CallsAsync(fastLane: false), ignoreOrder: true);
        granted.ShouldNotContain(right => right.StartsWith("patch") || right.EndsWith("/scale"), "patching is opt-in");
    }

    [Fact]
    public async Task FastLane_OfSomeFunctions_MayPatchTheirDeploymentsOnly()
    {
        var values = Chart.Values("""
            functions:
              - {name: quick, autoscaling: {slo: {fastLane: true}}}
              - {name: steady}
              - {name: idle, autoscaling: {mode: static, slo: {fastLane: true}}}
            """);
        var objects = await Chart.RenderAsync(values);
        var patch = objects.Single(one => one.Kind == "Role").Json["rules"]!.AsArray().Single(rule => Words(rule!, "verbs").Contains("patch"))!;
        Words(patch, "verbs").ShouldBe(["get", "patch"]);
        Words(patch, "resources").ShouldBe(["deployments/scale"]);
        Words(patch, "resourceNames").ShouldBe(["keda-inference-quick"]);
    }

    [Theory]
    [InlineData("autoscaling.mode=static scaler.enabled=true scaler.fastLane=true", true)]
    [InlineData("autoscaling.mode=static scaler.enabled=true", false)]
    [InlineData("autoscaling.slo.fastLane=true scaler.fastLane=false", false)]
    public async Task FastLane_ByTheScalersOwnSetting_IsGrantedOrNot(string sets, bool granted) =>
        Rights(await Chart.RenderAsync(sets.Split(' ')), "Role").Contains("patch deployments/scale").ShouldBe(granted);

    [Theory]
    [InlineData("scaler.allNamespaces=false", "Role", "RoleBinding")]
    [InlineData("scaler.allNamespaces=true", "ClusterRole", "ClusterRoleBinding")]
    public async Task Roles_OfTheScaler_AreTheOnlyOnesAndBoundToIt(string toggle, string role, string binding)
    {
        var objects = await Chart.RenderAsync(toggle);
        objects.Where(one => one.Kind is "Role" or "ClusterRole").ShouldHaveSingleItem().Kind.ShouldBe(role);
        var bound = objects.Where(one => one.Kind is "RoleBinding" or "ClusterRoleBinding").ShouldHaveSingleItem();
        bound.Kind.ShouldBe(binding);
        ((string)bound.Json["roleRef"]!["name"]!).ShouldBe(objects.Single(one => one.Kind == role).Name);
        var account = (string)bound.Json["subjects"]![0]!["name"]!;
        ((string)objects.Single(one => one is { Kind: "Deployment", Component: "scaler" }).Pod!["serviceAccountName"]!).ShouldBe(account);
    }

    private static List<string> Rights(IEnumerable<KubeObject> objects, string kind) =>
    [
        .. from rule in objects.Single(one => one.Kind == kind).Json["rules"]!.AsArray()
           from resource in Words(rule!, "resources")
           from verb in Words(rule!, "verbs")
           select $"{verb} {resource}",
    ];

    private static string[] Words(JsonNode node, string key) => [.. node[key]!.AsArray().Select(word => (string)word!)];

    /// <summary>Lets the scaler's own code work against a recording API server, with everything that makes it ask.</summary>
    private static async Task<List<string>> CallsAsync(bool fastLane)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var stub = await StubKubernetes.StartAsync();
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(stub.KubeConfigPath));
        var api = new KubernetesApi(client, TimeSpan.FromSeconds(10), TimeProvider.System);
        var options = Options.Create(new ScalerOptions { DependencyTimeoutMs = 10_000 });
        await using var view = new KubernetesClusterView(api, options, TimeProvider.System, NullLogger<KubernetesClusterView>.Instance);
        var context = new DecisionContext(null!, null, 0, ReadOnlyMemory<byte>.Empty);
        var settings = TriggerParser.Parse(new Dictionary<string, string> { ["queue"] = "resnet18", ["fastLane"] = "true" });

        foreach (var (name, kind, plural) in new[] { ("a", "Deployment", "deployments"), ("b", "StatefulSet", "statefulsets") })
        {
            var key = new ScaledObjectKey("default", name, "resnet18");
            // Absent first: then the scaler asks for the one object instead of trusting its mirror.
            await Should.ThrowAsync<Exception>(async () => await view.ReadAsync(key, settings, context, cancellation));
            stub.PutScaledObject(name, $"{name}-workload", kind: kind);
            await Should.ThrowAsync<Exception>(async () => await view.ReadAsync(key, settings, context, cancellation));
            stub.PutWorkload($"{name}-workload", 1, 1, plural);
            var scale = await view.ReadAsync(key, settings, context, cancellation);
            if (fastLane)
                (await view.RaiseAsync(key, settings, scale, 3, cancellation)).ShouldBeTrue();
        }
        return [.. stub.Requests.Distinct()];
    }
}
