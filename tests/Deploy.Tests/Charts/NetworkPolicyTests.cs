using System.Text.Json.Nodes;
using Keda.Inference.Deploy.Tests.Support;

namespace Keda.Inference.Deploy.Tests.Charts;

public class NetworkPolicyTests
{
    [Fact]
    public async Task DenyPolicy_ByDefault_CoversEveryPodInBothDirections()
    {
        var objects = await Chart.RenderAsync();
        var deny = Policy(objects, "keda-inference-deny");
        deny["policyTypes"]!.AsArray().Select(type => (string)type!).ShouldBe(["Ingress", "Egress"]);
        deny["ingress"].ShouldBeNull();
        deny["egress"]!.AsArray().SelectMany(rule => rule!["ports"]!.AsArray()).Select(port => (int)port!["port"]!).Distinct().ShouldBe([53]);
        var selector = deny["podSelector"]!["matchLabels"]!.AsObject();
        foreach (var one in objects.Where(one => one.Pod is not null))
        {
            var labels = (one.Kind == "Pod" ? one.Json["metadata"]! : one.Json["spec"]!["template"]!["metadata"]!)["labels"]!;
            selector.ShouldAllBe(pair => (string?)labels[pair.Key] == (string?)pair.Value, one.ToString());
        }
    }

    [Theory]
    [InlineData("autoscaling.mode=slo", false)]
    [InlineData("autoscaling.mode=redis-list", true)]
    [InlineData("networkPolicy.kedaToRedis=true", true)]
    public async Task Redis_IsOpenToKeda_OnlyWhereKedaReadsTheList(string set, bool open)
    {
        var peers = Policy(await Chart.RenderAsync(set), "keda-inference-redis")["ingress"]![0]!["from"]!.AsArray();
        peers.Any(peer => NamespaceOf(peer!) == "keda").ShouldBe(open);
    }

    [Fact]
    public async Task Scaler_IsOpenToKedaOnGrpcOnly()
    {
        var rules = Policy(await Chart.RenderAsync(), "keda-inference-scaler")["ingress"]!.AsArray();
        var rule = rules.ShouldHaveSingleItem()!;
        NamespaceOf(rule["from"]!.AsArray().ShouldHaveSingleItem()!).ShouldBe("keda");
        ((int)rule["ports"]!.AsArray().ShouldHaveSingleItem()!["port"]!).ShouldBe(6000);
    }

    [Fact]
    public async Task Workers_ByDefault_AreReachedByNobody()
    {
        var objects = await Chart.RenderAsync();
        objects.ShouldNotContain(one => one.Kind == "NetworkPolicy" && one.Name == "keda-inference-workers");
        objects = await Chart.RenderAsync("monitoring.serviceMonitors.enabled=true");
        NamespaceOf(Policy(objects, "keda-inference-workers")["ingress"]![0]!["from"]!.AsArray().ShouldHaveSingleItem()!).ShouldBe("monitoring");
    }

    private static JsonNode Policy(IEnumerable<KubeObject> objects, string name) =>
        objects.Single(one => one.Kind == "NetworkPolicy" && one.Name == name).Json["spec"]!;

    private static string? NamespaceOf(JsonNode peer) => (string?)peer["namespaceSelector"]?["matchLabels"]?["kubernetes.io/metadata.name"];
}
