using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>The options that say where requests go and what is accepted as an answer.</summary>
internal sealed class TargetOptions
{
    public Option<Uri> Target { get; } = new("--target", "-t")
    {
        Description = "Service under test; without a path, /predict is added.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080/predict"),
        CustomParser = TargetUrl.Parse,
    };

    public Option<TimeSpan> Slo { get; } = DurationOption.Create("--slo", "Latency from the intended send time that counts as in time.", TimeSpan.FromMilliseconds(500));

    public Option<TimeSpan> Timeout { get; } = DurationOption.Create("--timeout", "How long to wait for an answer.", TimeSpan.FromSeconds(60));

    public Option<BodyForm> Form { get; } = new("--form")
    {
        Description = "How a picture travels: as the field 'image' of a form, or as the body itself.",
        HelpName = "multipart|raw",
        DefaultValueFactory = _ => BodyForm.Multipart,
    };

    public Option<RequiredLabel> RequiredLabel { get; } = new("--require-label")
    {
        Description = "Count an answer as wrong when the picture's known label is not its best (top1) or among its best five (top5).",
        HelpName = "none|top1|top5",
        DefaultValueFactory = _ => Sending.RequiredLabel.None,
    };

    public Option<string[]> Header { get; } = new("--header", "-H") { Description = "Request header 'Name: value'; repeatable.", HelpName = "HEADER" };

    public Option<int> WarmUp { get; } = NumberOption.Whole("--warmup", "Requests sent one by one before the run and not counted.", 3, 0, 10_000);

    public Option<TimeSpan> MaximumLag { get; } = MaximumLagOption.Create();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Target, Slo, Timeout, Form, RequiredLabel, Header, WarmUp, MaximumLag })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            foreach (var header in result.GetResult(Header)?.Tokens ?? [])
            {
                if (header.Value.IndexOf(':', StringComparison.Ordinal) < 1)
                    result.AddError($"--header: '{header.Value}' is not of the form 'Name: value'.");
            }
        });
    }

    public IReadOnlyList<KeyValuePair<string, string>> ReadHeaders(ParseResult parsed) =>
    [
        .. (parsed.GetValue(Header) ?? []).Select(header => header.Split(':', 2, StringSplitOptions.TrimEntries))
            .Select(parts => KeyValuePair.Create(parts[0], parts[1])),
    ];
}
