using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Sessions;

/// <summary>From a network's raw scores to probabilities and the best classes.</summary>
internal static class Scores
{
    /// <summary>Turns scores into probabilities, in place.</summary>
    public static void Softmax(Span<float> scores)
    {
        var largest = float.NegativeInfinity;
        foreach (var score in scores)
            largest = Math.Max(largest, score);
        var sum = 0.0;
        foreach (ref var score in scores)
        {
            score = MathF.Exp(score - largest);
            sum += score;
        }

        foreach (ref var score in scores)
            score = (float)(score / sum);
    }

    /// <summary>The best classes, best first; of equal ones the lower index first.</summary>
    public static ClassPrediction[] Best(ReadOnlySpan<float> probabilities, int count, Func<int, string> label)
    {
        count = Math.Min(count, probabilities.Length);
        Span<int> best = stackalloc int[count];
        var found = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (found == count && probabilities[i] <= probabilities[best[^1]])
                continue;
            var at = found < count ? found++ : count - 1;
            while (at > 0 && probabilities[best[at - 1]] < probabilities[i])
            {
                best[at] = best[at - 1];
                at--;
            }

            best[at] = i;
        }

        var predictions = new ClassPrediction[count];
        for (var i = 0; i < count; i++)
            predictions[i] = new ClassPrediction(best[i], label(best[i]), probabilities[best[i]]);
        return predictions;
    }
}
