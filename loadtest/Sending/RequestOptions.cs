using System.CommandLine;
using Keda.Inference.LoadTest.CommandLine;
using Keda.Inference.LoadTest.Pictures;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>What is sent where, and what counts as an answer: for every subcommand that sends to one service.</summary>
internal sealed class RequestOptions
{
    public TargetOptions Target { get; } = new();

    public PictureOptions Pictures { get; } = new();

    public Option<int> Seed { get; } = NumberOption.Whole("--seed", "Seed of arrivals and pictures: the same seed is the same load.", 1, 0, int.MaxValue);

    public void AddTo(Command command)
    {
        Target.AddTo(command);
        Pictures.AddTo(command);
        command.Options.Add(Seed);
    }

    /// <summary>The run that the command line describes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="times">Intended send times in seconds, ascending.</param>
    /// <param name="target">Another target than the command line's.</param>
    public RunPlan Plan(ParseResult parsed, double[] times, Uri? target = null) => new()
    {
        Target = target ?? parsed.GetValue(Target.Target)!,
        Times = times,
        Pictures = Pictures.Read(parsed, parsed.GetValue(Seed)),
        Seed = parsed.GetValue(Seed),
        Slo = parsed.GetValue(Target.Slo),
        Timeout = parsed.GetValue(Target.Timeout),
        Form = parsed.GetValue(Target.Form),
        RequiredLabel = parsed.GetValue(Target.RequiredLabel),
        WarmUpRequests = parsed.GetValue(Target.WarmUp),
        Headers = Target.ReadHeaders(parsed),
    };
}
