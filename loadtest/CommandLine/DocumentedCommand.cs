using System.CommandLine;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>A subcommand whose help ends with examples that can be pasted into a shell.</summary>
internal sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>What each example does, and the command line without the program's name.</summary>
    public List<Example> Examples { get; } = [];
}

/// <param name="Explanation">What the example does, as one phrase.</param>
/// <param name="Arguments">The arguments that follow the program's name.</param>
internal sealed record Example(string Explanation, string Arguments);
