namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>How long each stage took lately: exponential averages, zero until one was measured.</summary>
internal sealed class StageEstimates
{
    private const double Weight = 0.2;
    private readonly Lock _lock = new();
    private TimeSpan _claim;
    private TimeSpan _preprocess;
    private TimeSpan _inference;

    /// <summary>One round trip for a claim that found work.</summary>
    public TimeSpan Claim => Read(ref _claim);

    /// <summary>Decoding and resizing a whole batch.</summary>
    public TimeSpan Preprocess => Read(ref _preprocess);

    /// <summary>One inference, whatever its batch.</summary>
    public TimeSpan Inference => Read(ref _inference);

    public void Claimed(TimeSpan took) => Add(ref _claim, took);

    public void Preprocessed(TimeSpan took) => Add(ref _preprocess, took);

    public void Inferred(TimeSpan took) => Add(ref _inference, took);

    /// <summary>
    /// To be called when everything was refused by these estimates: nothing new is measured then, so they shrink until something is tried
    /// again. Otherwise one slow picture would refuse short deadlines for ever.
    /// </summary>
    public void Doubted()
    {
        lock (_lock)
        {
            _preprocess *= 1 - Weight;
            _inference *= 1 - Weight;
        }
    }

    private TimeSpan Read(ref TimeSpan value)
    {
        lock (_lock)
            return value;
    }

    private void Add(ref TimeSpan average, TimeSpan took)
    {
        lock (_lock)
            average = average == TimeSpan.Zero ? took : average + ((took - average) * Weight);
    }
}
