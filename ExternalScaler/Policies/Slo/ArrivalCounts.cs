using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>Arrivals summed backwards from now, so that the count of any recent window is one subtraction.</summary>
internal sealed class ArrivalCounts
{
    private readonly double[] _until;

    /// <param name="series">The queue's seconds, oldest first, the last one incomplete.</param>
    /// <param name="at">When they were read.</param>
    public ArrivalCounts(IReadOnlyList<SecondCounts> series, DateTimeOffset at)
    {
        _until = new double[series.Count];
        double sum = 0;
        for (var back = 0; back < series.Count; back++)
            _until[back] = sum += series[series.Count - 1 - back].Arrivals;
        Fraction = series.Count == 0
            ? 0 : Math.Clamp((at - DateTimeOffset.FromUnixTimeSeconds(series[^1].Second)).TotalSeconds, 0, 1);
        Dispersion = Disperse(series);
    }

    /// <summary>How much of the current second has passed.</summary>
    public double Fraction { get; }

    /// <summary>How many complete seconds there are.</summary>
    public int Complete => Math.Max(0, _until.Length - 1);

    /// <summary>
    /// Variance over mean of a second's arrivals: 1 for Poisson. From differences of neighbours (von Neumann's estimator), which a trend
    /// hardly touches; some Poisson seconds are mixed in so that a short or empty history claims nothing.
    /// </summary>
    public double Dispersion { get; }

    /// <summary>Arrivals of the current second and of <paramref name="seconds"/> complete ones before it.</summary>
    public double Recent(int seconds) => _until.Length == 0 ? 0 : _until[Math.Min(seconds, Complete)];

    /// <summary>Arrivals of <paramref name="length"/> complete seconds that ended <paramref name="back"/> complete seconds ago.</summary>
    public double Before(int back, int length) => Recent(back + length) - Recent(back);

    /// <summary>
    /// Variance over mean of the count of a window. Within a second the moments are taken as independent, so a part of one tends to Poisson
    /// however even the seconds are.
    /// </summary>
    public double DispersionOver(double seconds) => seconds >= 1 ? Dispersion : seconds * Dispersion + (1 - seconds);

    private static double Disperse(IReadOnlyList<SecondCounts> series)
    {
        const double PoissonArrivals = 8;
        var (mean, squares) = (PoissonArrivals, PoissonArrivals);
        for (var i = 1; i < series.Count - 1; i++)
        {
            double difference = series[i].Arrivals - series[i - 1].Arrivals;
            mean += (series[i].Arrivals + series[i - 1].Arrivals) / 2.0;
            squares += difference * difference / 2;
        }
        return squares / mean;
    }
}
