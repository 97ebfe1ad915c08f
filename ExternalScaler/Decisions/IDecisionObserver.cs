namespace Keda.Inference.ExternalScaler.Decisions;

/// <summary>Is told of evaluations, for metrics.</summary>
internal interface IDecisionObserver
{
    /// <param name="evaluation">What came out.</param>
    /// <param name="decided">Whether it was a decision that is kept, rather than a repetition of one.</param>
    void Evaluated(Evaluation evaluation, bool decided);

    /// <summary>A call is about to wait for a round trip to Redis.</summary>
    void Waits();
}
