namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>
/// Normally distributed numbers from a seed, the same bits on every machine: only operations that IEEE 754 rounds exactly are used, so
/// neither the platform's logarithm nor the runtime's <see cref="Random"/> can change them.
/// </summary>
internal sealed class SeededNormal(ulong seed)
{
    private ulong _state = seed;
    private double? _spare;

    /// <summary>The next number of mean 0 and variance 1, by Marsaglia's polar method.</summary>
    public double Next()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        double u, v, s;
        do
        {
            u = Symmetric();
            v = Symmetric();
            s = (u * u) + (v * v);
        }
        while (s is >= 1 or 0);

        var factor = Math.Sqrt(-2 * Log(s) / s);
        _spare = v * factor;
        return u * factor;
    }

    /// <summary>The natural logarithm of a positive normal number, to about 1e-15.</summary>
    internal static double Log(double x)
    {
        const double Ln2 = 0.69314718055994530942;
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh t with t = (m - 1) / (m + 1); |t| < 0.172, so eleven terms reach double precision.
        var t = (mantissa - 1) / (mantissa + 1);
        var square = t * t;
        var sum = 0.0;
        for (var power = 21; power >= 1; power -= 2)
            sum = (sum * square) + (1.0 / power);
        return (exponent * Ln2) + (2 * t * sum);
    }

    // From -1 to 1, in steps of 2^-52.
    private double Symmetric() => ((Bits() >> 11) * (1.0 / (1L << 52))) - 1;

    // SplitMix64.
    private ulong Bits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
