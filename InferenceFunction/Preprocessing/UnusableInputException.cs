namespace Keda.Inference.InferenceFunction.Preprocessing;

/// <summary>The input cannot be used; the caller's fault, never retried.</summary>
/// <param name="code">One of <see cref="InputErrors"/>.</param>
/// <param name="message">One line for people.</param>
internal sealed class UnusableInputException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>The stable words a rejected job carries.</summary>
internal static class InputErrors
{
    /// <summary>Not a picture in a known format, or a damaged or truncated one.</summary>
    public const string Undecodable = "undecodable-image";

    /// <summary>More pixels or bytes than allowed.</summary>
    public const string TooLarge = "image-too-large";

    /// <summary>More frames than allowed.</summary>
    public const string TooManyFrames = "too-many-frames";

    /// <summary>A tensor of another length than the model's input, or with values that are no numbers.</summary>
    public const string BadTensor = "bad-tensor";

    /// <summary>A media type that is neither a picture nor a tensor.</summary>
    public const string UnsupportedType = "unsupported-content-type";
}
