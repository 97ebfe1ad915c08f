using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Local;
using Keda.Inference.LoadTest.Output;
using Keda.Inference.LoadTest.Pictures;
using Keda.Inference.LoadTest.Sending;

namespace Keda.Inference.LoadTest.Comparison;

/// <summary>The options of comparisons that really run something.</summary>
internal sealed class MeasuredOptions
{
    public PictureOptions Pictures { get; } = new();

    public Option<double?> CpuLimit { get; } = CpuLimitOption.Create();

    public Option<string?> Redis { get; } = new("--redis") { Description = "With --local: a real Redis; without it the embedded store is used.", HelpName = "HOST:PORT" };

    public Option<TimeSpan> MaximumLag { get; } = MaximumLagOption.Create();

    public Option<Uri?> Target { get; } = new("--target", "-t")
    {
        Description = "With --kubernetes: where the ingress is reached.",
        HelpName = "URL",
        CustomParser = TargetUrl.Parse,
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

    public OutputOption Output { get; } = new(
        "report.html, charts, comparison.json, the series and requests as CSV, HdrHistogram logs, and calibration.json of each run");

    public void AddTo(Command command)
    {
        Pictures.AddTo(command);
        foreach (var option in new Option[] { CpuLimit, Redis, MaximumLag, Target, ScaledObjects, KubeConfig, QuietLimit })
            command.Options.Add(option);
        Output.AddTo(command);
    }
}
