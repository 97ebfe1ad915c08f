namespace Keda.Inference.LoadTest.Comparison;

/// <summary>The spread of a sample.</summary>
internal static class Statistics
{
    /// <summary>The standard deviation of a sample; null for fewer than two values.</summary>
    public static double? StdDev(double[] values)
    {
        if (values.Length < 2)
            return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
