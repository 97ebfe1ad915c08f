namespace Keda.Inference.InferenceFunction.Quantization.Calibration;

/// <summary>
/// A histogram around zero whose width doubles when a value falls outside: two neighbouring bins become one. So one pass and a fixed
/// amount of memory do, whatever comes.
/// </summary>
internal sealed class PercentileObserver(double percentile) : RangeObserver
{
    private const int Bins = 8192;
    private readonly long[] _counts = new long[Bins];
    private float _reach;
    private float _min = float.PositiveInfinity;
    private float _max = float.NegativeInfinity;

    /// <summary>The range that holds the given per cent of all values, the rest left off half at either end.</summary>
    public override ValueRange Range
    {
        get
        {
            if (_min > _max)
                return default;
            var total = _counts.Sum();
            var beyond = (long)Math.Floor(total * (100 - percentile) / 200);
            return new ValueRange(Math.Max(_min, Low(beyond)), Math.Min(_max, High(beyond)));
        }
    }

    protected override void Observe(ReadOnlySpan<float> values, float min, float max)
    {
        _min = Math.Min(_min, min);
        _max = Math.Max(_max, max);
        Widen(Math.Max(Math.Abs(min), Math.Abs(max)));
        if (_reach == 0)
        {
            _counts[Bins / 2] += values.Length;
            return;
        }

        var binsPerUnit = Bins / 2 / _reach;
        foreach (var value in values)
            _counts[Math.Clamp((int)MathF.Floor(value * binsPerUnit) + (Bins / 2), 0, Bins - 1)]++;
    }

    private void Widen(float needed)
    {
        if (_reach == 0)
        {
            // All so far was zero, and zeros stay in the bin from zero up.
            _reach = needed;
            return;
        }

        while (_reach < needed)
        {
            var old = (long[])_counts.Clone();
            Array.Clear(_counts);
            for (var i = 0; i < Bins; i += 2)
                _counts[(Bins / 4) + (i / 2)] = old[i] + old[i + 1];
            _reach *= 2;
        }
    }

    private float Low(long beyond)
    {
        var bin = 0;
        for (var seen = _counts[0]; seen <= beyond && bin < Bins - 1; seen += _counts[bin])
            bin++;
        return (bin - (Bins / 2)) * (_reach / (Bins / 2));
    }

    private float High(long beyond)
    {
        var bin = Bins - 1;
        for (var seen = _counts[bin]; seen <= beyond && bin > 0; seen += _counts[bin])
            bin--;
        return (bin + 1 - (Bins / 2)) * (_reach / (Bins / 2));
    }
}
