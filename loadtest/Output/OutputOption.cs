using System.CommandLine;

namespace Keda.Inference.LoadTest.Output;

/// <summary><c>--output</c>: the folder in which a subcommand keeps what it found.</summary>
internal sealed class OutputOption
{
    private readonly Option<string?> _folder;

    /// <param name="content">What is kept.</param>
    public OutputOption(string content) => _folder = new("--output", "-o") { Description = $"Folder for {content}.", HelpName = "FOLDER" };

    public void AddTo(Command command) => command.Options.Add(_folder);

    /// <summary>The folder, made before anything is measured; null when nothing is to be kept.</summary>
    public string? Prepare(ParseResult parsed) => parsed.GetValue(_folder) is { } path ? RunFolder.Prepare(path) : null;
}
