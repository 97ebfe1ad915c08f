using Keda.Inference.Testing;

namespace Keda.Inference.Deploy.Tests.Support;

/// <summary>The chart, rendered as Helm does by the checker beside the repository; tests skip with the reason where that is absent.</summary>
internal static class Chart
{
    public const string Release = "keda-inference";
    public const string Namespace = "keda-inference";

    public static string Folder { get; } = RepositoryPaths.Of("deploy", "helm", "keda-inference");

    /// <summary>Every mode that the chart knows.</summary>
    public static readonly string[] Modes = ["slo", "queue-proportional", "queue-depth", "redis-list", "cpu-70", "cpu-90", "static"];

    public static Task<Tool.Result> CheckAsync(params string[] sets) => RunAsync([Folder, .. Arguments(sets)]);

    public static Task<Tool.Result> CheckManifestsAsync(params string[] paths) => RunAsync(["--manifests", .. paths]);

    /// <summary>The objects; each of <paramref name="sets"/> is <c>key=value</c> or the path of a values file.</summary>
    public static async Task<IReadOnlyList<KubeObject>> RenderAsync(params string[] sets)
    {
        var rendered = await RunAsync([Folder, "--render-only", .. Arguments(sets)]);
        rendered.ExitCode.ShouldBe(0, rendered.All);
        return [.. Yaml.Documents(rendered.Output).Select(document => new KubeObject(document))];
    }

    /// <summary>A values file for a test, where dotted keys do not reach.</summary>
    public static string Values(string yaml)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("chart-values-").FullName, "values.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }

    private static IEnumerable<string> Arguments(string[] sets) =>
        ["--name", Release, "--namespace", Namespace, .. sets.SelectMany<string, string>(set => set.EndsWith(".yaml", StringComparison.Ordinal) ? ["-f", set] : ["--set", set])];

    private static Task<Tool.Result> RunAsync(IEnumerable<string> arguments) =>
        Tool.RunAsync(RepositoryPaths.SharedOrSkip("tools", "chart-check", "run"), arguments, TestContext.Current.CancellationToken);
}
