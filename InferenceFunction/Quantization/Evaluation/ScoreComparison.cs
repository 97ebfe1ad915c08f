namespace Keda.Inference.InferenceFunction.Quantization.Evaluation;

/// <summary>How alike two models' scores for the same pictures are.</summary>
internal sealed class ScoreComparison
{
    private const int Top = 5;
    private readonly List<(float[] Reference, float[] Other)> _pictures = [];

    public int Pictures => _pictures.Count;

    /// <summary>The share of pictures for which both put the same class first.</summary>
    public double Top1Agreement => _pictures.Average(picture => Best(picture.Reference, 1)[0] == Best(picture.Other, 1)[0] ? 1.0 : 0);

    /// <summary>The share of the reference's five best classes that are among the other's five best.</summary>
    public double Top5Agreement => _pictures.Average(picture =>
    {
        var best = Best(picture.Reference, Top);
        return (double)best.Intersect(Best(picture.Other, Top)).Count() / best.Length;
    });

    /// <summary>
    /// The reference's scores over the difference, in decibels, after the reference's mean over the pictures is taken off both: what is
    /// the same for every picture is no signal. Null with fewer than two pictures, or where the reference does not vary.
    /// </summary>
    public double? SignalToNoise
    {
        get
        {
            if (_pictures.Count < 2)
                return null;
            double signal = 0, noise = 0;
            for (var label = 0; label < _pictures[0].Reference.Length; label++)
            {
                var mean = _pictures.Average(picture => (double)picture.Reference[label]);
                foreach (var (reference, other) in _pictures)
                {
                    signal += Square(reference[label] - mean);
                    noise += Square((double)other[label] - reference[label]);
                }
            }

            return signal == 0 ? null : 10 * Math.Log10(signal / noise);
        }
    }

    public void Add(float[] reference, float[] other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Length, reference.Length);
        _pictures.Add((reference, other));
    }

    private static int[] Best(float[] scores, int count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(label => scores[label]).ThenBy(label => label).Take(count)];

    private static double Square(double value) => value * value;
}
