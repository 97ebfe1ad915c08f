using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Monitoring;

public class MetricNameTests
{
    [Fact]
    public void Metrics_InDashboardAndRules_ExistInTheirPrograms()
    {
        var source = new Dictionary<string, string>
        {
            ["ingress"] = Source("Ingress"), ["worker"] = Source("InferenceFunction"), ["scaler"] = Source("ExternalScaler"),
        };
        var queries = Queries.OfDashboard().Select(one => one.Query).Concat(Queries.Rules().Select(rule => (string)rule["expr"]!));
        var names = queries.SelectMany(Queries.Metrics).Distinct().ToList();
        names.Count.ShouldBeGreaterThan(20);
        foreach (var name in names)
        {
            var (program, rest) = (name.Split('_')[2], string.Join('_', name.Split('_')[3..]));
            // Programs write the whole name, or a common prefix and the rest.
            var text = source[program];
            (text.Contains($"\"{name}\"") || text.Contains($"\"{rest}\"")).ShouldBeTrue($"{name} is not a metric of the {program}");
        }
    }

    private static string Source(string project) =>
        string.Concat(Directory.EnumerateFiles(RepositoryPaths.Of(project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/") && !file.Contains("/bin/")).Select(File.ReadAllText));
}
