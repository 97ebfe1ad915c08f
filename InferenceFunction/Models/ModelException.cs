namespace Keda.Inference.InferenceFunction.Models;

/// <summary>
/// A model that cannot be used or got. The message is one line for the user, names the file and says what would be right; the program
/// prints it and ends with <see cref="ExitCode"/>.
/// </summary>
internal sealed class ModelException : Exception
{
    public ModelException(string message)
        : base(OneLine(message))
    {
    }

    public ModelException(string message, Exception inner)
        : base(OneLine(message), inner)
    {
    }

    /// <summary>What the program ends with: 2 for something given that cannot be used, 1 where it was right and the work failed.</summary>
    public int ExitCode { get; init; } = 2;

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[])['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
}
