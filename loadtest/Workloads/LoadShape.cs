namespace Keda.Inference.LoadTest.Workloads;

/// <summary>A stretch of time in which the rate changes linearly.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="StartRate">Requests per second at its start.</param>
/// <param name="EndRate">Requests per second at its end.</param>
internal readonly record struct RateSegment(double Seconds, double StartRate, double EndRate)
{
    public double Requests => Seconds * (StartRate + EndRate) / 2;
}

/// <summary>The rate of requests over time, before single send times are drawn from it.</summary>
internal sealed class LoadShape
{
    private readonly RateSegment[] _segments;
    private readonly double[] _startSeconds;
    private readonly double[] _startRequests;

    /// <param name="segments">The rate, stretch by stretch.</param>
    /// <param name="countsAreExact">The load states how many requests each second has (a workload file), not merely a rate.</param>
    public LoadShape(IEnumerable<RateSegment> segments, bool countsAreExact = false)
    {
        _segments = [.. segments.Where(segment => segment.Seconds > 0)];
        CountsAreExact = countsAreExact;
        _startSeconds = new double[_segments.Length + 1];
        _startRequests = new double[_segments.Length + 1];
        for (var i = 0; i < _segments.Length; i++)
        {
            _startSeconds[i + 1] = _startSeconds[i] + _segments[i].Seconds;
            _startRequests[i + 1] = _startRequests[i] + _segments[i].Requests;
        }
    }

    public bool CountsAreExact { get; }

    /// <summary>Length in seconds.</summary>
    public double Seconds => _startSeconds[^1];

    /// <summary>Expected number of requests.</summary>
    public double Requests => _startRequests[^1];

    public double PeakRate => _segments.Length == 0 ? 0 : _segments.Max(segment => Math.Max(segment.StartRate, segment.EndRate));

    /// <summary>Time stretched by <paramref name="timeScale"/> with the rates kept, and the rates multiplied by <paramref name="rateScale"/>.</summary>
    public LoadShape Scale(double timeScale, double rateScale) => new(
        _segments.Select(segment => new RateSegment(segment.Seconds * timeScale, segment.StartRate * rateScale, segment.EndRate * rateScale)),
        CountsAreExact);

    /// <summary>The first <paramref name="seconds"/> of the load.</summary>
    public LoadShape First(double seconds) => new(Take(seconds), CountsAreExact);

    /// <summary>Requests expected from the start until a moment.</summary>
    public double RequestsUntil(double seconds)
    {
        if (seconds <= 0 || _segments.Length == 0)
            return 0;
        if (seconds >= Seconds)
            return Requests;
        var i = IndexOf(_startSeconds, seconds);
        var (length, start, end) = _segments[i];
        var into = seconds - _startSeconds[i];
        return _startRequests[i] + into * (start + (end - start) * into / (2 * length));
    }

    /// <summary>The inverse of <see cref="RequestsUntil"/>: the moment by which so many requests are expected.</summary>
    public double TimeOf(double requests)
    {
        if (requests <= 0)
            return 0;
        if (requests >= Requests)
            return Seconds;
        var i = IndexOf(_startRequests, requests);
        var (length, start, end) = _segments[i];
        var wanted = requests - _startRequests[i];
        var slope = (end - start) / length;
        // start·x + slope·x²/2 = wanted, written so that a slope of zero divides by nothing.
        var root = Math.Sqrt(Math.Max(0, start * start + 2 * slope * wanted));
        return _startSeconds[i] + Math.Min(length, 2 * wanted / (start + root));
    }

    private static int IndexOf(double[] starts, double value)
    {
        var found = Array.BinarySearch(starts, value);
        // Of equal starts (a segment without requests) the last is the one that goes on.
        var index = found >= 0 ? found : ~found - 1;
        while (index + 1 < starts.Length - 1 && starts[index + 1] <= value)
            index++;
        return Math.Clamp(index, 0, starts.Length - 2);
    }

    private IEnumerable<RateSegment> Take(double seconds)
    {
        foreach (var segment in _segments)
        {
            if (seconds <= 0)
                yield break;
            var part = Math.Min(1, seconds / segment.Seconds);
            yield return new RateSegment(
                segment.Seconds * part, segment.StartRate, segment.StartRate + (segment.EndRate - segment.StartRate) * part);
            seconds -= segment.Seconds;
        }
    }
}
