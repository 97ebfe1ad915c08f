using System.CommandLine;
using Keda.Inference.InferenceFunction.Models;

namespace Keda.Inference.InferenceFunction.Hosting;

/// <summary>The subcommands. Serving, the default, does not pass through here: parsing would cost it start-up time.</summary>
internal static class CommandLine
{
    private const int UsageError = 2;

    /// <summary>Whether nothing but options is given.</summary>
    public static bool MeansServe(string[] args) =>
        args.Length == 0 || (args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version"));

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            """
            Serves pictures from the queue with an ONNX model; that is what it does without a subcommand.

            Options are given as --Section:Key=value or as environment variables Section__Key=value. Sections: Worker, Model, Preprocess,
            Runtime, Queue, Redis; InferenceFunction/README.md lists every key with its default.
            """)
        {
            ModelCommands.Create(),
        };
        var parsed = root.Parse(args);
        var exitCode = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? UsageError : exitCode;
    }
}
