using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>The library's own help, followed by the command's examples and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = inner.Invoke(parseResult);
        var program = parseResult.RootCommandResult.Command.Name;
        var output = parseResult.InvocationConfiguration.Output;
        if (ExamplesOf(parseResult.CommandResult.Command) is { Count: > 0 } examples)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  # {example.Explanation}");
                output.WriteLine($"  {program} {example.Arguments}");
            }

            output.WriteLine();
        }

        output.WriteLine("Exit codes:");
        output.WriteLine("  0 good   1 failure   2 usage   99 threshold missed");
        output.WriteLine();
        return code;
    }

    private static List<Example> ExamplesOf(Command command) => command switch
    {
        DocumentedCommand documented => documented.Examples,
        RootCommand root => [.. root.Subcommands.OfType<DocumentedCommand>().SelectMany(child => child.Examples.Take(1))],
        _ => [],
    };
}
