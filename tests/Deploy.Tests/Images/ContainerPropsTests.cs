using System.Text.Json.Nodes;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Images;

/// <summary>What <c>dotnet publish -t:PublishContainer</c> would make, evaluated by MSBuild itself.</summary>
public class ContainerPropsTests
{
    [Theory]
    [InlineData("Ingress", "ingress", "8080")]
    [InlineData("ExternalScaler", "scaler", "6000 8080")]
    [InlineData("InferenceFunction", "worker", "8080")]
    public async Task PublishContainer_OfEveryService_FitsTheChart(string project, string image, string ports)
    {
        var result = await Tool.RunAsync("dotnet",
            [
                "msbuild", RepositoryPaths.Of(project), "-p:RuntimeIdentifier=linux-x64", "-t:ComputeContainerBaseImage",
                "-getProperty:ContainerRepository,ContainerImageTag,ContainerUser,ContainerBaseImage,PublishReadyToRun,Version", "-getItem:ContainerPort",
            ], TestContext.Current.CancellationToken);
        result.ExitCode.ShouldBe(0, result.All);
        var json = JsonNode.Parse(result.Output)!;
        var properties = json["Properties"]!;
        ((string)properties["ContainerRepository"]!).ShouldBe($"keda-inference/{image}");
        ((string)properties["ContainerImageTag"]!).ShouldBe((string)properties["Version"]!);
        ((string)properties["ContainerUser"]!).ShouldBe("1654:1654");
        ((string)properties["ContainerBaseImage"]!).ShouldEndWith("/dotnet/aspnet:10.0-noble-chiseled");
        ((string)properties["PublishReadyToRun"]!).ShouldBe("true");
        var listed = json["Items"]!["ContainerPort"]!.AsArray().Select(item => (string)item!["Identity"]!).Order();
        string.Join(' ', listed).ShouldBe(ports);
        ((string)Yaml.Single(Path.Combine(Chart.Folder, "values.yaml"))[image]!["image"]!["repository"]!).ShouldBe($"keda-inference/{image}");
    }

    [Fact]
    public void OtherProjects_Published_AreNoImages()
    {
        foreach (var project in new[] { "WorkQueue", "LocalCluster", "loadtest" })
            File.ReadAllText(RepositoryPaths.Of("deploy", "docker", "Container.props")).ShouldNotContain($"'{project}'");
    }
}
