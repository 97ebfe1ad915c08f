namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>How a tensor of activations becomes unsigned bytes: q = round(x / scale) + zero point, kept within 0 to 255.</summary>
/// <param name="Scale">The step.</param>
/// <param name="ZeroPoint">The byte that stands for 0.</param>
internal readonly record struct ActivationScale(float Scale, byte ZeroPoint)
{
    /// <summary>
    /// Covers a range. Zero is always in it and is met exactly: padding writes zeros, and a rectifier's zeros are most of its values.
    /// </summary>
    public static ActivationScale For(ValueRange range)
    {
        double low = Math.Min(range.Min, 0), high = Math.Max(range.Max, 0);
        var scale = (float)((high - low) / byte.MaxValue);
        if (!(scale > 0) || !float.IsNormal(scale))
            return new ActivationScale(1, 0);
        var zeroPoint = Math.Round(-low / scale, MidpointRounding.ToEven);
        return new ActivationScale(scale, (byte)Math.Clamp(zeroPoint, 0, byte.MaxValue));
    }
}

/// <summary>The least and the greatest value of a tensor that are to be told apart.</summary>
internal readonly record struct ValueRange(float Min, float Max);
