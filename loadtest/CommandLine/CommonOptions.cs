using System.CommandLine;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>Options that every subcommand understands; one instance belongs to one root command.</summary>
internal sealed class CommonOptions
{
    /// <summary>Print one JSON document on standard output and nothing else there; progress goes to standard error.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document on standard output instead of tables.",
        Recursive = true,
    };
}
