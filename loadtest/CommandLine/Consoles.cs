using Spectre.Console;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>Tables go to standard output, progress to standard error, so that output can be piped.</summary>
internal static class Consoles
{
    public static IAnsiConsole For(TextWriter writer)
    {
        var isTerminal = (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected) || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = 160; // a pipe has no width; wrapped tables would be unreadable
        return console;
    }
}
