using System.Text.Json.Nodes;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.Ingress.Hosting;
using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Images;

public class ComposeTests
{
    private static readonly string s_file = RepositoryPaths.Of("deploy", "docker", "docker-compose.yaml");

    private static JsonObject Services => Yaml.Single(s_file)["services"]!.AsObject();

    [Fact]
    public void Services_Built_NameDockerfilesThatExist()
    {
        foreach (var (name, service) in Services.Where(one => one.Value!["build"] is not null))
        {
            var context = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(s_file)!, (string)service!["build"]!["context"]!));
            context.TrimEnd('/').ShouldBe(RepositoryPaths.Root.TrimEnd('/'), name);
            File.Exists(Path.Combine(context, (string)service["build"]!["dockerfile"]!)).ShouldBeTrue(name);
            ((string)service["image"]!).ShouldStartWith($"keda-inference/{name}:");
        }
    }

    [Fact]
    public void Services_Variables_AreOptionsOfThePrograms()
    {
        var names = Services.SelectMany(one => one.Value!["environment"]!.AsObject().Select(pair => pair.Key)).Where(Settings.IsOption).ToList();
        names.Count.ShouldBeGreaterThan(5);
        names.Select(Settings.Problem).Where(problem => problem is not null).ShouldBeEmpty();
    }

    [Fact]
    public void Services_Ports_AreThoseThatTheProgramsListenOn()
    {
        var scaler = new ScalerOptions();
        Ports("ingress").ShouldBe([new IngressOptions().Port]);
        Ports("scaler").ShouldBe([scaler.GrpcPort, scaler.HttpPort], ignoreOrder: true);

        IEnumerable<int> Ports(string service) => Services[service]!["ports"]!.AsArray().Select(port => int.Parse(((string)port!).Split(':')[^1]));
    }

    [Fact]
    public void Services_AllOfThem_AreReadOnlyWithoutCapabilities()
    {
        foreach (var (name, service) in Services)
        {
            ((bool)service!["read_only"]!).ShouldBeTrue(name);
            service["cap_drop"]!.AsArray().Select(one => (string)one!).ShouldBe(["ALL"], name);
        }
    }
}
