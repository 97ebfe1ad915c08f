using Keda.Inference.InferenceFunction.Sessions;

namespace Keda.Inference.InferenceFunction.Tests.Sessions;

public sealed class ScoresTests
{
    [Fact]
    public void Softmax_LargeScores_DoesNotOverflow()
    {
        float[] scores = [1000, 1001, 999];
        Scores.Softmax(scores);
        scores.Sum().ShouldBe(1, 1e-6f);
        scores[1].ShouldBe((float)(1 / (1 + Math.Exp(-1) + Math.Exp(-2))), 1e-6f);
    }

    [Fact]
    public void Best_ComesInOrder_EqualOnesByIndex()
    {
        var best = Scores.Best([0.1f, 0.3f, 0.05f, 0.3f, 0.2f, 0.05f], 5, index => $"label {index}");
        best.Select(prediction => prediction.Class).ShouldBe([1, 3, 4, 0, 2]);
        best[0].Label.ShouldBe("label 1");
    }

    [Fact]
    public void Best_FewerClassesThanAsked_GivesAll() =>
        Scores.Best([0.4f, 0.6f], 5, index => "").Select(prediction => prediction.Class).ShouldBe([1, 0]);
}
