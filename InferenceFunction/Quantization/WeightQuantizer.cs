namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>Weights as signed bytes, symmetric, with a scale for every output channel; biases as 32-bit integers.</summary>
internal static class WeightQuantizer
{
    /// <summary>
    /// One scale per channel: the greatest absolute weight becomes <paramref name="limit"/>. A channel whose bias would not fit its
    /// 32-bit integer (weights near zero, or all zero) gets a scale under which it does.
    /// </summary>
    public static float[] Scales(ReadOnlySpan<float> weights, WeightLayout layout, ReadOnlySpan<float> bias, float inputScale, int limit)
    {
        var scales = new float[layout.Channels];
        for (var i = 0; i < weights.Length; i++)
        {
            var channel = layout.ChannelOf(i);
            scales[channel] = Math.Max(scales[channel], Math.Abs(weights[i]));
        }

        for (var channel = 0; channel < scales.Length; channel++)
        {
            var scale = scales[channel] / limit;
            if (!bias.IsEmpty)
                scale = Math.Max(scale, Math.Abs(bias[channel]) / inputScale / (1 << 30));
            scales[channel] = float.IsNormal(scale) ? scale : 1f;
        }

        return scales;
    }

    public static sbyte[] Quantize(ReadOnlySpan<float> weights, WeightLayout layout, ReadOnlySpan<float> scales, int limit)
    {
        var quantized = new sbyte[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var value = Math.Round((double)weights[i] / scales[layout.ChannelOf(i)], MidpointRounding.ToEven);
            quantized[i] = (sbyte)Math.Clamp(value, -limit, limit);
        }

        return quantized;
    }

    /// <summary>A bias is added to sums of products, so its scale is the product of theirs.</summary>
    public static (int[] Values, float[] Scales) QuantizeBias(ReadOnlySpan<float> bias, float inputScale, ReadOnlySpan<float> weightScales)
    {
        var values = new int[bias.Length];
        var scales = new float[bias.Length];
        for (var channel = 0; channel < bias.Length; channel++)
        {
            scales[channel] = inputScale * weightScales[channel];
            values[channel] = (int)Math.Clamp(
                Math.Round((double)bias[channel] / scales[channel], MidpointRounding.ToEven), int.MinValue, int.MaxValue);
        }

        return (values, scales);
    }
}

/// <summary>Which of a weight tensor's elements belong to which output channel.</summary>
/// <param name="Axis">The axis of the output channels.</param>
/// <param name="Channels">Their number.</param>
/// <param name="Inner">The number of elements from one step of that axis to the next.</param>
internal readonly record struct WeightLayout(int Axis, int Channels, int Inner)
{
    public static WeightLayout For(IReadOnlyList<long> dims, int axis) =>
        new(axis, checked((int)dims[axis]), checked((int)Onnx.Tensors.Count(dims.Skip(axis + 1))));

    public int ChannelOf(int index) => index / Inner % Channels;
}
