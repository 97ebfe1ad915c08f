using Keda.Inference.InferenceFunction.Quantization.Evaluation;

namespace Keda.Inference.InferenceFunction.Tests.Quantization;

public class ScoreComparisonTests
{
    [Fact]
    public void SignalToNoise_IsThatOfWhatVariesBetweenPictures()
    {
        var comparison = new ScoreComparison();
        // Around the mean (100, 50) the signal is ±10 in the first score: 200 in all. The noise is 1 + 1 = 2: 20 dB.
        comparison.Add([110f, 50f], [111f, 50f]);
        comparison.Add([90f, 50f], [90f, 49f]);

        comparison.SignalToNoise!.Value.ShouldBe(20, 1e-9);
    }

    [Fact]
    public void SignalToNoise_OfAConstantAnswer_IsUnknown()
    {
        var comparison = new ScoreComparison();
        comparison.Add([5f, 5f], [5f, 5f]);
        comparison.Add([5f, 5f], [5f, 5f]);

        comparison.SignalToNoise.ShouldBeNull();
    }

    [Fact]
    public void SignalToNoise_OfOnePicture_IsUnknown()
    {
        var comparison = new ScoreComparison();
        comparison.Add([5f, 6f], [5f, 5f]);

        comparison.SignalToNoise.ShouldBeNull();
    }

    [Fact]
    public void Agreement_CountsTheFirstAndTheFirstFive()
    {
        var comparison = new ScoreComparison();
        comparison.Add([9, 8, 7, 6, 5, 4, 3], [9, 8, 7, 6, 5, 4, 3]);
        // Another first; of the first five (0 to 4) four are left (1, 2, 3, 4).
        comparison.Add([9, 8, 7, 6, 5, 4, 3], [1, 8, 7, 6, 5, 10, 0]);

        comparison.Top1Agreement.ShouldBe(0.5);
        comparison.Top5Agreement.ShouldBe(0.9, 1e-9);
    }
}
