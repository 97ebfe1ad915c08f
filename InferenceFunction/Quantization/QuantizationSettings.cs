using Keda.Inference.InferenceFunction.Quantization.Calibration;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>The choices a user has.</summary>
internal sealed record QuantizationSettings
{
    /// <summary>How ranges are found. Default: the extremes.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.MinMax;

    /// <summary>The share of values a range holds, in per cent, with <see cref="CalibrationMethod.Percentile"/>. Default 99.99.</summary>
    public double Percentile { get; init; } = 99.99;

    /// <summary>Leaves the first convolution in fp32. Default false.</summary>
    public bool KeepFirst { get; init; }

    /// <summary>Leaves the last convolution or fully connected layer in fp32. Default false.</summary>
    public bool KeepLast { get; init; }

    /// <summary>
    /// Bits of a weight, 8 or 7. Seven lose some accuracy, and never overflow the 16-bit sums of processors without VNNI. Default: what
    /// suits this machine's processor.
    /// </summary>
    public int WeightBits { get; init; } = Int8Support.Level == Int8Level.SixteenBitSums ? 7 : 8;

    /// <summary>The greatest weight as an integer.</summary>
    public int WeightLimit => (1 << (WeightBits - 1)) - 1;
}
