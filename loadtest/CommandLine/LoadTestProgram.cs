using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Keda.Inference.LoadTest.Commands;

namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>The program from its arguments to its exit code; tests call it as a shell would.</summary>
internal static class LoadTestProgram
{
    /// <summary>After Ctrl-C a run still writes its report, and a cluster is put back as it was, which its KEDA takes a while for; a second Ctrl-C ends the process at once.</summary>
    private static readonly TimeSpan TimeToReport = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var parsed = CreateRoot().Parse(arguments);
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeToReport,
        };
        try
        {
            if (parsed.Action is ParseErrorAction wrong)
            {
                // The list of commands helps whoever gave none; a single wrong value is easier to find without the page of help.
                wrong.ShowHelp = parsed.CommandResult.Command is RootCommand;
                await parsed.InvokeAsync(configuration, cancellation);
                return ExitCodes.Usage;
            }

            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (UsageException usage)
        {
            foreach (var line in usage.Errors)
                await error.WriteLineAsync($"error: {line}");
            return ExitCodes.Usage;
        }
        catch (FailureException failure)
        {
            await error.WriteLineAsync($"error: {failure.Message}");
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Interrupted before there was anything to report.");
            return ExitCodes.Failure;
        }
    }

    /// <summary>The command line's table of contents.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            "Measures an inference service honestly, simulates it in seconds, and compares autoscalers on one's own load.");
        var common = new CommonOptions();
        root.Options.Add(common.Json);
        root.Subcommands.Add(RunCommand.Create(common));
        root.Subcommands.Add(SaturateCommand.Create(common));
        root.Subcommands.Add(SimulateCommand.Create(common));
        root.Subcommands.Add(CompareCommand.Create(common));
        root.Subcommands.Add(ReportCommand.Create(common));

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
