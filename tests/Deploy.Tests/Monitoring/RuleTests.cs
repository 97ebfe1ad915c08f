using System.Text.Json.Nodes;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Monitoring;

public class RuleTests
{
    [Theory]
    [InlineData("check", "rules", "deploy/helm/keda-inference/files/rules.yaml")]
    [InlineData("test", "rules", "deploy/monitoring/rules.test.yaml")]
    public async Task Rules_ByPromtool_AreRight(string verb, string what, string file)
    {
        Assert.SkipUnless(RedisServer.Find("promtool") is not null, "promtool (Debian: prometheus) is not on PATH.");
        var result = await Tool.RunAsync("promtool", [verb, what, RepositoryPaths.Of(file)], TestContext.Current.CancellationToken);
        result.ExitCode.ShouldBe(0, result.All);
    }

    [Fact]
    public void PlainRule_AndTheCharts_AreTheSame()
    {
        var plain = Yaml.Single(RepositoryPaths.Of("deploy", "monitoring", "prometheus-rule.yaml"))["spec"];
        JsonNode.DeepEquals(plain, Yaml.Single(Path.Combine(Chart.Folder, "files", "rules.yaml"))).ShouldBeTrue();
    }

    [Fact]
    public async Task RenderedRule_KeepsTheTemplatesOfAlerts()
    {
        var objects = await Chart.RenderAsync("monitoring.rules.enabled=true", "monitoring.dashboard.enabled=true");
        JsonNode.DeepEquals(
            objects.Single(one => one.Kind == "PrometheusRule").Json["spec"], Yaml.Single(Path.Combine(Chart.Folder, "files", "rules.yaml"))).ShouldBeTrue();
        var dashboard = (string)objects.Single(one => one.Name == "keda-inference-dashboard").Json["data"]!["keda-inference.json"]!;
        JsonNode.DeepEquals(JsonNode.Parse(dashboard), JsonNode.Parse(File.ReadAllText(Path.Combine(Chart.Folder, "files", "dashboard.json")))).ShouldBeTrue();
    }

    [Fact]
    public async Task PlainServiceMonitors_AndTheCharts_AreTheSame()
    {
        var rendered = (await Chart.RenderAsync("monitoring.serviceMonitors.enabled=true", "redis.bundled.exporter.enabled=true"))
            .Where(one => one.Kind == "ServiceMonitor").ToDictionary(one => one.Name, one => one.Json["spec"]);
        var plain = Yaml.Documents(File.ReadAllText(RepositoryPaths.Of("deploy", "monitoring", "service-monitors.yaml")))
            .ToDictionary(one => (string)one["metadata"]!["name"]!, one => one["spec"]);
        plain.Keys.ShouldBe(rendered.Keys, ignoreOrder: true);
        foreach (var (name, spec) in plain)
            JsonNode.DeepEquals(spec, rendered[name]).ShouldBeTrue(name);
    }

    [Fact]
    public async Task ServiceMonitors_SelectServicesWithThePort()
    {
        var objects = await Chart.RenderAsync("monitoring.serviceMonitors.enabled=true", "redis.bundled.exporter.enabled=true");
        foreach (var monitor in objects.Where(one => one.Kind == "ServiceMonitor"))
        {
            var wanted = monitor.Json["spec"]!["selector"]!["matchLabels"]!.AsObject();
            var service = objects.Where(one => one.Kind == "Service")
                .Where(one => wanted.All(pair => (string?)one.Json["metadata"]!["labels"]![pair.Key] == (string?)pair.Value)).ShouldHaveSingleItem();
            var endpoint = monitor.Json["spec"]!["endpoints"]![0]!;
            service.Json["spec"]!["ports"]!.AsArray().ShouldContain(port => (string)port!["name"]! == (string)endpoint["port"]!);
            ((string)endpoint["interval"]!).ShouldBe("15s");
        }
    }

    [Fact]
    public void Alerts_AllOfThem_HaveASeverityAndSayWhatToDo()
    {
        var alerts = Queries.Rules().Where(rule => rule["alert"] is not null).ToList();
        alerts.Count.ShouldBeGreaterThanOrEqualTo(8);
        foreach (var alert in alerts)
        {
            ((string)alert["labels"]!["severity"]!).ShouldBeOneOf("warning", "critical");
            ((string)alert["annotations"]!["description"]!).ShouldNotBeEmpty();
            var runbook = ((string)alert["annotations"]!["runbook"]!).Split('#');
            File.ReadAllText(RepositoryPaths.Of(runbook[0])).ToLowerInvariant().ShouldContain($"## {runbook[1].Replace('-', ' ')}");
            File.ReadAllText(RepositoryPaths.Of(runbook[0])).ShouldContain((string)alert["alert"]!, customMessage: "the troubleshooting table names every alert");
        }
    }
}
