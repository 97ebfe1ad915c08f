using System.CommandLine;
using System.CommandLine.Parsing;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>An option whose value is a duration with a unit.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan> Create(string name, string description, TimeSpan standard) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        DefaultValueFactory = _ => standard,
        CustomParser = result => Parse(result, name),
    };

    public static Option<TimeSpan?> Optional(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result => Parse(result, name),
    };

    private static TimeSpan Parse(ArgumentResult result, string name)
    {
        var text = result.Tokens.Single().Value;
        if (Durations.TryParse(text, out var duration) && duration > TimeSpan.Zero)
            return duration;
        result.AddError($"{name}: '{text}' is not {Durations.Form}, more than 0.");
        return default;
    }
}
