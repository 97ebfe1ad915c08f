using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Keda.Inference.Deploy.Tests.Support;
using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Workflows;

public partial class WorkflowTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RepositoryPaths.Of(".github", "workflows")).Select(path => Path.GetFileName(path)).Order()];

    [Theory, MemberData(nameof(Files))]
    public void Workflow_InEveryFile_HasLeastRightsAndATimeLimit(string file)
    {
        var workflow = Load(file);
        ((string)workflow["permissions"]!["contents"]!).ShouldBe("read");
        foreach (var (name, job) in workflow["jobs"]!.AsObject())
            ((int)job!["timeout-minutes"]!).ShouldBeInRange(1, 60, name);
    }

    [Theory, MemberData(nameof(Files))]
    public void Workflow_Commands_NamePathsThatExist(string file)
    {
        var text = File.ReadAllText(RepositoryPaths.Of(".github", "workflows", file)).Replace("${{ matrix.image }}", "$image");
        foreach (Match match in RepositoryPath().Matches(text))
        {
            var path = match.Value.TrimEnd('/', '.');
            foreach (var image in path.Contains("$image") ? ["ingress", "scaler", "worker"] : new[] { "" })
                Path.Exists(RepositoryPaths.Of(path.Replace("$image", image))).ShouldBeTrue($"{file}: {path}");
        }
    }

    [Fact]
    public void EndToEnd_ChartValues_AreKnownToTheChart()
    {
        var values = Yaml.Single(Path.Combine(Chart.Folder, "values.yaml"));
        foreach (var file in new[] { "e2e.yaml", "chart.yaml" })
        {
            foreach (Match match in Set().Matches(File.ReadAllText(RepositoryPaths.Of(".github", "workflows", file))))
            {
                if (match.Groups[1].Value == "args")
                    continue;   // metrics-server's
                JsonNode? at = values;
                foreach (var part in match.Groups[1].Value.Split('.'))
                {
                    var name = part.Split('[')[0];
                    at.ShouldNotBeNull();
                    (at is not JsonObject known || known.ContainsKey(name)).ShouldBeTrue($"{file}: {match.Groups[1].Value}");
                    at = at is JsonObject map ? map[name] : new JsonObject();
                }
            }
        }
    }

    [Fact]
    public void EndToEnd_ComparedPolicies_HaveAScaledObject()
    {
        var text = File.ReadAllText(RepositoryPaths.Of(".github", "workflows", "e2e.yaml"));
        foreach (var policy in Policies().Match(text).Groups[1].Value.Split(','))
            File.Exists(RepositoryPaths.Of("keda", $"{policy}.yaml")).ShouldBeTrue(policy);
    }

    private static JsonNode Load(string file) => Yaml.Single(RepositoryPaths.Of(".github", "workflows", file));

    [GeneratedRegex(@"(?<![\w/.-])(?:deploy|keda|loadtest|tests)/[\w./$-]+|Keda\.Inference\.sln")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"--set '?([A-Za-z][\w.\[\]]*)=")]
    private static partial Regex Set();

    [GeneratedRegex(@"--policies (\S+)")]
    private static partial Regex Policies();
}
