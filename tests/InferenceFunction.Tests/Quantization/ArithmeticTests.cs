using CsCheck;
using Keda.Inference.InferenceFunction.Quantization;
using Keda.Inference.InferenceFunction.Quantization.Preparation;

namespace Keda.Inference.InferenceFunction.Tests.Quantization;

/// <summary>Scales, zero points, biases and folding against values worked out by hand.</summary>
public class ArithmeticTests
{
    [Theory]
    // 5.1 / 255 = 0.02; 1 / 0.02 = 50.
    [InlineData(-1, 4.1, 0.02, 50)]
    // Zero is taken in: 0 … 5.1.
    [InlineData(1, 5.1, 0.02, 0)]
    // … and from below: -2.55 … 0, zero is the last byte.
    [InlineData(-2.55, -1, 0.01, 255)]
    // 0.005 / 0.01 = 0.5 rounds to even: 0.
    [InlineData(-0.005, 2.545, 0.01, 0)]
    [InlineData(0, 0, 1, 0)]
    public void Activation_OfARange_HasThisScaleAndZeroPoint(double min, double max, double scale, int zeroPoint)
    {
        var result = ActivationScale.For(new ValueRange((float)min, (float)max));

        result.Scale.ShouldBe((float)scale, 1e-8);
        ((int)result.ZeroPoint).ShouldBe(zeroPoint);
    }

    [Fact]
    public void Weights_GetAScaleForEachOutputChannel()
    {
        float[] weights = [1.27f, -0.635f, 0.0254f, -0.0127f];
        var layout = WeightLayout.For([2, 2], axis: 0);

        var scales = WeightQuantizer.Scales(weights, layout, [], inputScale: 1, limit: 127);

        scales[0].ShouldBe(0.01f, 1e-9);
        scales[1].ShouldBe(0.0002f, 1e-10);
        // -63.5 is a tie in decimals; as floats it lies a hair to one side.
        var quantized = WeightQuantizer.Quantize(weights, layout, scales, 127);
        quantized[0].ShouldBe((sbyte)127);
        quantized[1].ShouldBeOneOf((sbyte)-63, (sbyte)-64);
        quantized[2].ShouldBe((sbyte)127);
    }

    [Fact]
    public void Weights_OfATransposedLayer_GetTheirScalesAlongTheOtherAxis()
    {
        // Two inputs, three outputs: columns are the channels.
        float[] weights = [1, 2, 3, -4, 1, 6.35f];

        var scales = WeightQuantizer.Scales(weights, WeightLayout.For([2, 3], axis: 1), [], 1, 127);

        scales.ShouldBe([4f / 127, 2f / 127, 6.35f / 127]);
    }

    [Fact]
    public void Weights_OfSevenBits_StayWithin63()
    {
        var layout = WeightLayout.For([1, 3], axis: 0);
        float[] weights = [6.3f, -6.3f, 0.1f];

        var scales = WeightQuantizer.Scales(weights, layout, [], 1, limit: 63);

        scales[0].ShouldBe(0.1f, 1e-8);
        WeightQuantizer.Quantize(weights, layout, scales, 63).ShouldBe([(sbyte)63, (sbyte)-63, (sbyte)1]);
    }

    [Fact]
    public void Bias_HasTheProductOfBothScales()
    {
        // 0.02 × 0.01 = 0.0002; 0.5 / 0.0002 = 2500.
        var (values, scales) = WeightQuantizer.QuantizeBias([0.5f, -0.0003f], 0.02f, [0.01f, 0.001f]);

        scales[0].ShouldBe(0.0002f, 1e-10);
        values.ShouldBe([2500, -15]);
    }

    [Fact]
    public void Channel_WithNoWeightsButABias_GetsAScaleUnderWhichTheBiasFits()
    {
        float[] weights = [0, 0];
        var scales = WeightQuantizer.Scales(weights, WeightLayout.For([1, 2], 0), [3f], inputScale: 0.5f, limit: 127);

        // 3 / (0.5 × scale) = 2^30.
        scales[0].ShouldBe(6f / (1 << 30), 1e-14);
        WeightQuantizer.QuantizeBias([3f], 0.5f, scales).Values[0].ShouldBe(1 << 30);
    }

    [Fact]
    public void Folding_MultipliesWeightsAndMovesTheBias()
    {
        // √(3.99 + 0.01) = 2, so g = 3 / 2; (1 - 0.2) · 1.5 + 0.5 = 1.7. Second channel: √(0.24 + 0.01) = 0.5, g = -4; (0 - 1) · -4 - 1 = 3.
        var (weights, bias) = BatchNormFolding.Fold(
            [2, 4, 1, -1], [1, 0], scale: [3, -2], offset: [0.5f, -1], mean: [0.2f, 1], variance: [3.99f, 0.24f], epsilon: 0.01f);

        weights.ShouldBe([3f, 6f, -4f, 4f], 1e-5);
        bias.ShouldBe([1.7f, 3f], 1e-5);
    }

    [Fact]
    public void Folding_WithoutABias_TakesZeroForIt() =>
        BatchNormFolding.Fold([1], null, [2], [0], [3], [1], 0).Bias.ShouldBe([-6f]);

    [Fact]
    public void Activation_WithinItsRange_IsMetToAStep() =>
        Gen.Select(Gen.Double[-1e3, 1e3], Gen.Double[0, 1e3], Gen.Double.Unit).Sample((min, length, share) =>
        {
            var range = new ValueRange((float)min, (float)(min + length));
            var scale = ActivationScale.For(range);
            var (low, high) = (Math.Min(range.Min, 0.0), Math.Max(range.Max, 0.0));
            var x = low + (share * (high - low));
            var quantized = Math.Clamp(Math.Round(x / scale.Scale) + scale.ZeroPoint, 0, 255);
            var error = Math.Abs(((quantized - scale.ZeroPoint) * scale.Scale) - x);

            // The zero point is rounded too, so an end of the range may lie another half step off.
            return error <= scale.Scale * 1.001;
        });
}
