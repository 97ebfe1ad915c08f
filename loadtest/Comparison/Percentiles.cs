namespace Keda.Inference.LoadTest.Comparison;

/// <summary>Percentiles by nearest rank, and the spread of a sample.</summary>
internal static class Percentiles
{
    /// <summary>The finite values, ascending.</summary>
    public static double[] Sorted(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite)];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The smallest value that at least this share of the values does not exceed; null when there is none.</summary>
    public static double? Of(double[] sorted, double share) =>
        sorted.Length == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];

    /// <summary>The standard deviation of a sample; null for fewer than two values.</summary>
    public static double? StdDev(double[] values)
    {
        if (values.Length < 2)
            return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
