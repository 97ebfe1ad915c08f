using System.CommandLine;
using Keda.Inference.InferenceFunction.Models.Fetch;
using Keda.Inference.InferenceFunction.Quantization;
using Spectre.Console;

namespace Keda.Inference.InferenceFunction.Models;

/// <summary>The subcommand <c>model</c> and what its own subcommands share.</summary>
internal static class ModelCommands
{
    private const int Stopped = 1;

    public static Command Create() => new("model", "Get and prepare models.")
    {
        FetchCommand.Create(),
        QuantizeCommand.Create(),
    };

    /// <summary>Runs a command's work; a failure becomes one line on standard error and a non-zero exit code.</summary>
    public static async Task<int> RunAsync(ParseResult parsed, Func<IAnsiConsole, Task> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(parsed.InvocationConfiguration.Output) });
        try
        {
            await work(console);
            return 0;
        }
        catch (ModelException error)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(error.Message);
            return error.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("Stopped.");
            return Stopped;
        }
    }

    /// <summary>The option of every command that touches the cache.</summary>
    public static Option<string?> CacheOption() => new("--cache")
    {
        Description = "The cache directory. Default: keda-inference in the user's cache directory (a worker's Model:CacheDirectory).",
    };

    /// <summary>A line of plain text, never wrapped or read as markup.</summary>
    public static void Say(this IAnsiConsole console, string line) => console.Profile.Out.Writer.WriteLine(line);
}
