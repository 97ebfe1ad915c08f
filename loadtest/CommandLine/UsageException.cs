namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>The user's input is wrong. Carries every mistake found, so that one attempt shows them all.</summary>
internal sealed class UsageException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public UsageException(string error) : this([error])
    {
    }

    /// <summary>One line per mistake: what is wrong and what would be right.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
