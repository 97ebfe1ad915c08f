using System.CommandLine;
using Spectre.Console;

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

    /// <summary>Prints a result as it is wanted.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="result">The document of <see cref="Json"/>.</param>
    /// <param name="write">Writes it for people.</param>
    public async Task ShowAsync<T>(ParseResult parsed, T result, Action<IAnsiConsole, T> write)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Json))
            await output.WriteLineAsync(JsonOutput.Serialize(result));
        else
            write(Consoles.For(output), result);
    }
}
