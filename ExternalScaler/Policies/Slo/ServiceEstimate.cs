using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>How long a job keeps a replica busy, from the newest jobs, so that a new model or a slower machine shows within seconds.</summary>
/// <param name="MeanSeconds">The mean.</param>
/// <param name="Cv">The coefficient of variation.</param>
internal sealed record ServiceEstimate(double MeanSeconds, double Cv)
{
    /// <summary>With so many jobs a mean is known to a tenth of a standard deviation.</summary>
    private const int EnoughJobs = 100;

    /// <summary>The normal distribution's quantiles at 1/16, 3/16, … 15/16.</summary>
    private static readonly double[] Normal = [-1.5341, -0.8871, -0.4888, -0.1573, 0.1573, 0.4888, 0.8871, 1.5341];

    /// <summary>Eight equally likely service times: the quantiles of a log-normal distribution with this mean and variation.</summary>
    public double[] LikelySeconds()
    {
        var variance = Math.Log(1 + Cv * Cv);
        return [.. Normal.Select(z => MeanSeconds * Math.Exp(z * Math.Sqrt(variance) - variance / 2))];
    }

    /// <summary>From the newest seconds in which something ended; null when nothing ever did.</summary>
    /// <param name="series">The queue's seconds.</param>
    /// <param name="known">The last estimate, for when the series has no jobs any more.</param>
    public static ServiceEstimate? Of(IReadOnlyList<SecondCounts> series, ServiceEstimate? known)
    {
        double jobs = 0, busy = 0;
        var first = series.Count;
        while (first > 0 && jobs < EnoughJobs)
        {
            first--;
            jobs += series[first].Completions;
            busy += series[first].BusySeconds;
        }
        if (jobs == 0 || busy <= 0)
            return known;
        var mean = busy / jobs;
        // A second with k jobs has a variance of k times a job's.
        double squares = 0, seconds = 0;
        for (var i = first; i < series.Count; i++)
        {
            if (series[i].Completions == 0)
                continue;
            var error = series[i].BusySeconds - series[i].Completions * mean;
            squares += error * error;
            seconds++;
        }
        var cv = seconds > 1 ? Math.Sqrt(squares / jobs * seconds / (seconds - 1)) / mean : known?.Cv ?? 1;
        return new ServiceEstimate(mean, cv);
    }
}
