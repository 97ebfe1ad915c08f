namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>A trigger that cannot be served as it is written; names every key that is wrong.</summary>
internal sealed class TriggerException(IReadOnlyList<string> errors) : Exception(string.Join(' ', errors))
{
    /// <summary>One sentence for each thing that is wrong.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
