using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Keda.Inference.Deploy.Tests.Support;

namespace Keda.Inference.Deploy.Tests.Monitoring;

/// <summary>Every query that the dashboard and the rules ask.</summary>
internal static partial class Queries
{
    public static IEnumerable<JsonNode> Rules() =>
        Yaml.Single(Path.Combine(Chart.Folder, "files", "rules.yaml"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!);

    public static IEnumerable<(string Panel, string Query)> OfDashboard()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(Chart.Folder, "files", "dashboard.json")))!;
        return from panel in dashboard["panels"]!.AsArray()
               from target in panel!["targets"]?.AsArray() ?? []
               select ((string)panel["title"]!, (string)target!["expr"]!);
    }

    /// <summary>The project's own metrics in a query, without the suffixes of a histogram.</summary>
    public static IEnumerable<string> Metrics(string query) =>
        Metric().Matches(query).Select(match => Regex.Replace(match.Value, "_(bucket|sum|count)$", ""));

    [GeneratedRegex(@"keda_inference_[a-z_]+")]
    private static partial Regex Metric();
}
