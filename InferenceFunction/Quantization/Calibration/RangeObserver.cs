namespace Keda.Inference.InferenceFunction.Quantization.Calibration;

/// <summary>How a tensor's range is found from what it holds for the calibration pictures.</summary>
internal enum CalibrationMethod
{
    /// <summary>The least and the greatest value that occurred.</summary>
    MinMax,

    /// <summary>Without the rarest values at both ends, which would make the step of all others coarser.</summary>
    Percentile,
}

/// <summary>Takes a tensor's values picture by picture and keeps only what its range needs.</summary>
internal abstract class RangeObserver
{
    public abstract ValueRange Range { get; }

    public static RangeObserver For(CalibrationMethod method, double percentile) =>
        method == CalibrationMethod.Percentile ? new PercentileObserver(percentile) : new MinMaxObserver();

    /// <exception cref="InvalidDataException">A value is no finite number.</exception>
    public void Observe(ReadOnlySpan<float> values)
    {
        var (min, max) = Extremes(values);
        if (!float.IsFinite(min) || !float.IsFinite(max))
            throw new InvalidDataException("it computes values that are no finite numbers");
        if (!values.IsEmpty)
            Observe(values, min, max);
    }

    protected abstract void Observe(ReadOnlySpan<float> values, float min, float max);

    // NaN goes through to the result, so one comparison finds it.
    private static (float Min, float Max) Extremes(ReadOnlySpan<float> values) => values.IsEmpty
        ? (0, 0)
        : (System.Numerics.Tensors.TensorPrimitives.Min(values), System.Numerics.Tensors.TensorPrimitives.Max(values));
}
