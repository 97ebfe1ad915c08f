using System.Text.RegularExpressions;
using System.Xml.Linq;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.InferenceFunction.Models.Fetch;
using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Images;

public partial class DockerfileTests
{
    public static TheoryData<string, string> Services => new()
    {
        { "ingress", "Ingress" }, { "scaler", "ExternalScaler" }, { "worker", "InferenceFunction" },
    };

    [Theory, MemberData(nameof(Services))]
    public void Dockerfile_Copies_PathsThatExist(string image, string project)
    {
        var copied = FromContext(image).ToList();
        copied.ShouldContain($"{project}/");
        foreach (var path in copied)
            Path.Exists(RepositoryPaths.Of(path)).ShouldBeTrue(path);
    }

    [Theory, MemberData(nameof(Services))]
    public void Dockerfile_Copies_EveryProjectThatIsReferenced(string image, string project)
    {
        var copied = FromContext(image).ToList();
        var pending = new Queue<string>([project]);
        var seen = new HashSet<string>();
        while (pending.TryDequeue(out var next))
        {
            if (!seen.Add(next))
                continue;
            copied.ShouldContain($"{next}/{next}.csproj", "restored before the code, so that the layer stays");
            copied.ShouldContain($"{next}/");
            var file = XDocument.Load(RepositoryPaths.Of(next, $"{next}.csproj"));
            foreach (var reference in file.Descendants("ProjectReference"))
                pending.Enqueue(Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        }
    }

    [Theory, MemberData(nameof(Services))]
    public void Dockerfile_Starts_TheProjectsAssemblyAsANumberedUser(string image, string project)
    {
        var text = Text(image);
        text.ShouldContain($"""ENTRYPOINT ["dotnet", "Keda.Inference.{project}.dll"]""");
        text.ShouldContain("USER 1654:1654");
        text.ShouldNotContain("USER root");
        text.ShouldNotContain("\nHEALTHCHECK");
        text.ShouldContain("ARG BASE_IMAGE=");
        text.ShouldContain("PublishReadyToRun=true");
        foreach (var label in new[] { "title", "description", "licenses", "version", "revision" })
            text.ShouldContain($"org.opencontainers.image.{label}=");
    }

    [Fact]
    public void Dockerfile_OfTheScaler_ExposesItsPorts()
    {
        var options = new ScalerOptions();
        Text("scaler").ShouldContain($"EXPOSE {options.GrpcPort} {options.HttpPort}");
    }

    [Fact]
    public void Dockerfile_OfTheWorker_FetchesTheModelThatTheWorkerFetches()
    {
        var text = Text("worker");
        text.ShouldContain($"ARG MODEL_URL={DownloadRequest.ZooUrl}");
        text.ShouldContain($"ARG MODEL_SHA256={DownloadRequest.ZooSha256}");
        foreach (var model in new[] { "none", "zoo", "int8" })
            text.ShouldContain($" AS with-{model}\n");
    }

    [Theory, MemberData(nameof(Services))]
    public void DockerIgnore_Keeps_WhatTheDockerfilesNeed(string image, string project)
    {
        project.ShouldNotBeEmpty();
        var ignored = File.ReadAllLines(RepositoryPaths.Of(".dockerignore"));
        foreach (var path in FromContext(image))
            ignored.ShouldNotContain(line => line.TrimEnd('/') == path.TrimEnd('/') || line == path.Split('/')[0]);
        ignored.ShouldContain("**/obj", "a foreign project.assets.json would break the restore");
    }

    private static string Text(string image) => File.ReadAllText(RepositoryPaths.Of("deploy", "docker", $"{image}.Dockerfile"));

    /// <summary>Everything that is copied from the repository.</summary>
    private static IEnumerable<string> FromContext(string image) =>
        CopyLine().Matches(Text(image)).SelectMany(match => match.Groups[1].Value.Split(' ')[..^1]);

    [GeneratedRegex(@"^COPY (?!--from)(.+)$", RegexOptions.Multiline)]
    private static partial Regex CopyLine();
}
