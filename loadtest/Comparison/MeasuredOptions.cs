using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Pictures;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>The options of comparisons that really run something.</summary>
internal sealed class MeasuredOptions
{
    public PictureOptions Pictures { get; } = new();

    public Option<double?> CpuLimit { get; } = NumberOption.Optional("--cpu-limit", "With --local: CPU quota of each worker in cores.", 0, 1024);

    public Option<string?> Redis { get; } = new("--redis") { Description = "With --local: a real Redis; without it the embedded store is used.", HelpName = "HOST:PORT" };

    public Option<TimeSpan> MaximumLag { get; } = DurationOption.Create(
        "--max-lag", "A run is invalid when 1 in 100 requests was sent later than this after its time.", TimeSpan.FromMilliseconds(10));

    public Option<Uri?> Target { get; } = new("--target", "-t")
    {
        Description = "With --kubernetes: where the ingress is reached.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url.AbsolutePath == "/" ? new Uri(url, "/predict") : url;
            result.AddError($"--target: '{result.Tokens.Single().Value}' is not an http(s) URL such as http://127.0.0.1:8080.");
            return null;
        },
    };

    public Option<string> ScaledObjects { get; } = new("--scaled-objects")
    {
        Description = "With --kubernetes: folder with POLICY.yaml for each autoscaler.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => "keda",
    };

    public Option<string?> KubeConfig { get; } = new("--kubeconfig")
    {
        Description = "With --kubernetes: the cluster's configuration. Default: the one kubectl uses.",
        HelpName = "FILE",
    };

    public Option<TimeSpan> QuietLimit { get; } = DurationOption.Create(
        "--quiet-limit", "With --kubernetes: how long to wait for an empty queue and the least replicas before each run.", TimeSpan.FromMinutes(15));

    public Option<string?> Output { get; } = new("--output", "-o")
    {
        Description = "Folder for report.html, charts, comparison.json, the series and requests as CSV, and HdrHistogram logs.",
        HelpName = "FOLDER",
    };

    public void AddTo(Command command)
    {
        Pictures.AddTo(command);
        foreach (var option in new Option[] { CpuLimit, Redis, MaximumLag, Target, ScaledObjects, KubeConfig, QuietLimit, Output })
            command.Options.Add(option);
    }
}
