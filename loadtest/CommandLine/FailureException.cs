namespace Keda.Inference.LoadTest.CommandLine;

/// <summary>The input is right, but the work could not be done; the message is shown to the user as it is.</summary>
internal sealed class FailureException(string message, Exception? cause = null) : Exception(message, cause);
