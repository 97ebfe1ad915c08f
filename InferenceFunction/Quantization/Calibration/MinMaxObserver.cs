namespace Keda.Inference.InferenceFunction.Quantization.Calibration;

/// <summary>The least and the greatest value so far.</summary>
internal sealed class MinMaxObserver : RangeObserver
{
    private float _min = float.PositiveInfinity;
    private float _max = float.NegativeInfinity;

    public override ValueRange Range => _min <= _max ? new ValueRange(_min, _max) : default;

    protected override void Observe(ReadOnlySpan<float> values, float min, float max)
    {
        _min = Math.Min(_min, min);
        _max = Math.Max(_max, max);
    }
}
