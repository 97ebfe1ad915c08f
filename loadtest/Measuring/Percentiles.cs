namespace Keda.Inference.LoadTest.Measuring;

/// <summary>Exact percentiles of a list, for the places where no histogram is kept.</summary>
internal static class Percentiles
{
    /// <summary>The smallest value that so many percent do not exceed; null of nothing.</summary>
    public static double? OfSorted(double[] sorted, double percent) =>
        sorted.Length == 0 ? null : sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Length) - 1, 0, sorted.Length - 1)];

    public static double? Of(IEnumerable<double> values, double percent) => OfSorted([.. values.Order()], percent);
}
