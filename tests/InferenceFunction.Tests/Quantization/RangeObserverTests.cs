using Keda.Inference.InferenceFunction.Quantization;
using Keda.Inference.InferenceFunction.Quantization.Calibration;

namespace Keda.Inference.InferenceFunction.Tests.Quantization;

public class RangeObserverTests
{
    [Fact]
    public void MinMax_KeepsTheExtremesOfAllPictures()
    {
        var observer = RangeObserver.For(CalibrationMethod.MinMax, 0);
        observer.Observe([1f, -2f, 3f]);
        observer.Observe([0f, 7f]);

        observer.Range.ShouldBe(new ValueRange(-2, 7));
    }

    [Theory]
    [InlineData(90, 5.0, 95.0)]
    [InlineData(100, 0.0, 100.0)]
    public void Percentile_LeavesOffHalfAtEitherEnd(double percentile, double low, double high)
    {
        var observer = RangeObserver.For(CalibrationMethod.Percentile, percentile);
        observer.Observe([.. Enumerable.Range(0, 100_001).Select(i => i / 1000f)]);

        // A bin is 100 / 4096 wide.
        observer.Range.Min.ShouldBe((float)low, 0.05);
        observer.Range.Max.ShouldBe((float)high, 0.05);
    }

    [Fact]
    public void Percentile_WhenLaterPicturesReachFurther_CountsTheEarlierOnesRightly()
    {
        var observer = RangeObserver.For(CalibrationMethod.Percentile, 90);
        observer.Observe([0f, 0f]);
        observer.Observe([.. Enumerable.Range(0, 10_000).Select(i => i / 10_000f)]);
        observer.Observe([.. Enumerable.Range(0, 90_001).Select(i => 1 + (i / 10_000f))]);

        observer.Range.Min.ShouldBe(0.5f, 0.02);
        observer.Range.Max.ShouldBe(9.5f, 0.02);
    }

    [Fact]
    public void Percentile_DropsAnOutlierThatMinMaxKeeps()
    {
        float[] values = [.. Enumerable.Range(0, 100_000).Select(i => i / 100_000f), 1000f];
        var percentile = RangeObserver.For(CalibrationMethod.Percentile, 99.9);
        var minMax = RangeObserver.For(CalibrationMethod.MinMax, 0);
        percentile.Observe(values);
        minMax.Observe(values);

        percentile.Range.Max.ShouldBeLessThan(1.5f);
        minMax.Range.Max.ShouldBe(1000f);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Value_ThatIsNoNumber_IsRefused(float value) =>
        Should.Throw<InvalidDataException>(() => RangeObserver.For(CalibrationMethod.MinMax, 0).Observe([1f, value]));

    [Fact]
    public void Nothing_HasAnEmptyRange() => RangeObserver.For(CalibrationMethod.Percentile, 99).Range.ShouldBe(default);
}
