using System.Diagnostics;

namespace Keda.Inference.InferenceFunction.Quantization.Evaluation;

/// <summary>Times two networks in turn, so that whatever else the machine does meets both alike.</summary>
/// <param name="ReferenceMs">Median milliseconds of a picture.</param>
/// <param name="OtherMs">The other's.</param>
internal readonly record struct SpeedComparison(double ReferenceMs, double OtherMs)
{
    public double SpeedUp => ReferenceMs / OtherMs;

    public static SpeedComparison Measure(Network reference, Network other, float[] picture, int rounds, CancellationToken cancellationToken)
    {
        var (referenceMs, otherMs) = (new double[rounds], new double[rounds]);
        Time(reference, picture);
        Time(other, picture);
        for (var round = 0; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            referenceMs[round] = Time(reference, picture);
            otherMs[round] = Time(other, picture);
        }

        return new SpeedComparison(Median(referenceMs), Median(otherMs));
    }

    private static double Time(Network network, float[] picture)
    {
        var start = Stopwatch.GetTimestamp();
        network.Scores(picture);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[values.Length / 2] + values[(values.Length - 1) / 2]) / 2;
    }
}
