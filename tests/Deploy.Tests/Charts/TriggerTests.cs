using System.Text.Json.Nodes;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.Deploy.Tests.Charts;

/// <summary>What KEDA is told, read by those who will read it.</summary>
public class TriggerTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(RepositoryPaths.Of("keda"), "*.yaml").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [InlineData("slo", "autoscaling.slo.fastLane=true autoscaling.slo.startupSeconds=2.5")]
    [InlineData("queue-proportional", "")]
    [InlineData("queue-depth", "autoscaling.activationQueueLength=5")]
    [InlineData("slo", "autoscaling.metadata.upstream=detector scaler.tls.enabled=true scaler.tls.certManager.enabled=true")]
    public async Task ChartTrigger_OfAScalerMode_IsParsedByTheScaler(string mode, string sets)
    {
        var objects = await Chart.RenderAsync([$"autoscaling.mode={mode}", .. sets.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var settings = Parse(Trigger(objects));
        settings.Queue.ShouldBe("resnet18");
        settings.Policy.Name.ShouldBe(mode);
    }

    [Fact]
    public async Task RedisList_CertificatesWithoutPassword_AreGivenToKeda()
    {
        var objects = await Chart.RenderAsync("autoscaling.mode=redis-list", Chart.Values("""
            redis:
              mode: external
              external:
                addresses: [redis.example.org:6380]
                tls: {enabled: true, caSecret: redis-ca, clientSecret: redis-client}
            """));

        Trigger(objects)["authenticationRef"].ShouldNotBeNull();
        var authentication = objects.Single(one => one.Kind == "TriggerAuthentication").Json;
        authentication["spec"]!["secretTargetRef"]!.AsArray().Select(one => (string)one!["parameter"]!).ShouldBe(["ca", "cert", "key"]);
    }

    [Fact]
    public async Task ChartTrigger_OfQueueProportional_HasTheReportsNumbers()
    {
        var trigger = Trigger(await Chart.RenderAsync("autoscaling.mode=queue-proportional"));
        var metadata = trigger["metadata"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
        var options = PolicyOptionsReader.Read(new MetadataReader(metadata), 15, false, 0).ShouldBeOfType<QueueProportionalOptions>();
        options.TargetQueueLength.ShouldBe(50);
        options.Cooldown.ShouldBe(TimeSpan.FromSeconds(150));
        options.RequireReady.ShouldBeTrue();
    }

    [Fact]
    public async Task ChartTrigger_Address_IsTheScalersServiceAndPort()
    {
        var objects = await Chart.RenderAsync();
        var address = ((string)Trigger(objects)["metadata"]!["scalerAddress"]!).Split(':');
        var service = objects.Single(one => one is { Kind: "Service", Component: "scaler" });
        address[0].ShouldBe($"{service.Name}.{Chart.Namespace}.svc.cluster.local");
        address[1].ShouldBe($"{new ScalerOptions().GrpcPort}");
        ((string)service.Json["spec"]!["clusterIP"]!).ShouldBe("None", "KEDA takes turns only when it sees every replica");
    }

    [Fact]
    public async Task ChartTrigger_OfRedisList_NamesTheQueuesOwnList()
    {
        var values = Chart.Values("functions: [{name: f, queue: small.pictures}]");
        var trigger = Trigger(await Chart.RenderAsync(values, "autoscaling.mode=redis-list"));
        ((string)trigger["type"]!).ShouldBe("redis");
        ((string)trigger["metadata"]!["listName"]!).ShouldBe(QueueKeys.Waiting("small.pictures"));
    }

    [Theory]
    [InlineData("cpu-70", "70")]
    [InlineData("cpu-90", "90")]
    public async Task ChartScaledObject_OfACpuMode_HasTheReportsBehaviour(string mode, string value)
    {
        var objects = await Chart.RenderAsync($"autoscaling.mode={mode}");
        var trigger = Trigger(objects);
        ((string)trigger["metadata"]!["value"]!).ShouldBe(value);
        var container = (string)trigger["metadata"]!["containerName"]!;
        objects.Single(one => one is { Kind: "Deployment", Component: "worker" }).Containers.ShouldContain(one => (string)one["name"]! == container);
        ShouldBeTheReportsBehaviour(objects.Single(one => one.Kind == "ScaledObject").Json);
    }

    [Theory]
    [InlineData("slo", 0)]
    [InlineData("queue-proportional", 0)]
    [InlineData("queue-depth", 60)]
    public async Task ChartScaledObject_OfAScalerMode_CarriesOutExactly(string mode, int scaleDownWindow)
    {
        var scaled = (await Chart.RenderAsync($"autoscaling.mode={mode}")).Single(one => one.Kind == "ScaledObject").Json;
        var behavior = scaled["spec"]!["advanced"]!["horizontalPodAutoscalerConfig"]!["behavior"]!;
        foreach (var direction in new[] { "scaleUp", "scaleDown" })
            ((string)behavior[direction]!["tolerance"]!).ShouldBe("0");
        ((int)behavior["scaleUp"]!["stabilizationWindowSeconds"]!).ShouldBe(0);
        ((int)behavior["scaleDown"]!["stabilizationWindowSeconds"]!).ShouldBe(scaleDownWindow);
        ((string)scaled["spec"]!["triggers"]![0]!["metricType"]!).ShouldBe("AverageValue");
    }

    [Fact]
    public async Task ChartScaledObject_Target_IsTheDeploymentWithoutACount()
    {
        var objects = await Chart.RenderAsync();
        var target = (string)objects.Single(one => one.Kind == "ScaledObject").Json["spec"]!["scaleTargetRef"]!["name"]!;
        var deployment = objects.Single(one => one.Kind == "Deployment" && one.Name == target);
        deployment.Component.ShouldBe("worker");
        deployment.Json["spec"]!["replicas"].ShouldBeNull("an upgrade must not reset what the autoscaler set");
    }

    [Theory, MemberData(nameof(Files))]
    public void PlainScaledObject_InEveryFile_FitsChartAndScaler(string file)
    {
        var documents = Yaml.Documents(File.ReadAllText(RepositoryPaths.Of("keda", file)));
        var scaled = documents.Where(one => (string)one["kind"]! == "ScaledObject").ShouldHaveSingleItem();
        ((string)scaled["metadata"]!["name"]!).ShouldBe("resnet18", "one name, so that one replaces the other");
        ((string)scaled["spec"]!["scaleTargetRef"]!["name"]!).ShouldBe("keda-inference-resnet18");
        var trigger = scaled["spec"]!["triggers"]!.AsArray().ShouldHaveSingleItem()!;
        foreach (var (key, value) in trigger["metadata"]!.AsObject())
            value!.GetValueKind().ShouldBe(System.Text.Json.JsonValueKind.String, $"KEDA takes only strings: {key}");
        switch ((string)trigger["type"]!)
        {
            case "external-push":
                Parse(trigger).Queue.ShouldBe("resnet18");
                ((string)trigger["metadata"]!["scalerAddress"]!).ShouldBe($"keda-inference-scaler.keda-inference.svc.cluster.local:{new ScalerOptions().GrpcPort}");
                break;
            case "redis":
                ((string)trigger["metadata"]!["listName"]!).ShouldBe(QueueKeys.Waiting("resnet18"));
                break;
            case "cpu":
                file.ShouldBe($"cpu-{trigger["metadata"]!["value"]}.yaml");
                ShouldBeTheReportsBehaviour(scaled);
                break;
            default:
                Assert.Fail($"{trigger["type"]} is not a trigger that this project uses.");
                break;
        }
        if (trigger["authenticationRef"] is { } authentication)
            documents.ShouldContain(one => (string)one["kind"]! == "TriggerAuthentication" && (string)one["metadata"]!["name"]! == (string)authentication["name"]!);
    }

    [Fact]
    public void PlainScaledObjects_OfEveryMode_HaveAFile()
    {
        var files = Directory.GetFiles(RepositoryPaths.Of("keda"), "*.yaml").Select(Path.GetFileNameWithoutExtension).ToList();
        foreach (var mode in Chart.Modes.Where(mode => mode != "static").Append("scale-to-zero"))
            files.ShouldContain(mode);
    }

    [Fact]
    public void PlainScaledObject_ByComments_ExplainsEveryField()
    {
        foreach (var file in Directory.GetFiles(RepositoryPaths.Of("keda"), "*.yaml"))
            File.ReadLines(file).Count(line => line.TrimStart().StartsWith('#')).ShouldBeGreaterThan(8, file);
    }

    private static JsonNode Trigger(IEnumerable<KubeObject> objects) =>
        objects.Single(one => one.Kind == "ScaledObject").Json["spec"]!["triggers"]!.AsArray().ShouldHaveSingleItem()!;

    private static TriggerSettings Parse(JsonNode trigger) =>
        TriggerParser.Parse(trigger["metadata"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!));

    private static void ShouldBeTheReportsBehaviour(JsonNode scaled)
    {
        var behavior = scaled["spec"]!["advanced"]!["horizontalPodAutoscalerConfig"]!["behavior"]!;
        ((int)behavior["scaleUp"]!["stabilizationWindowSeconds"]!).ShouldBe(0);
        ((string)behavior["scaleUp"]!["selectPolicy"]!).ShouldBe("Max");
        Policies("scaleUp").ShouldBe(["Percent 100 15", "Pods 4 15"]);
        ((int)behavior["scaleDown"]!["stabilizationWindowSeconds"]!).ShouldBe(300);
        Policies("scaleDown").ShouldBe(["Percent 10 60"]);

        IEnumerable<string> Policies(string direction) =>
            behavior[direction]!["policies"]!.AsArray().Select(policy => $"{policy!["type"]} {policy["value"]} {policy["periodSeconds"]}");
    }
}
