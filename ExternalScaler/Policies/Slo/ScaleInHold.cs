namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// Keeps what was needed a moment ago. Giving up a replica that is needed again costs its start-up, which serves nothing, and leaves the
/// demand uncovered for another start-up and decision; so it is kept for just that long (the break-even point of the ski-rental problem,
/// Karlin et al. 1988; for servers Gandhi et al., "AutoScale", 2012).
/// </summary>
internal static class ScaleInHold
{
    /// <summary>How long, in seconds.</summary>
    public static double Seconds(double startupSeconds, double decisionSeconds) => startupSeconds + (startupSeconds + decisionSeconds);

    /// <summary>
    /// Adds a need and drops what no longer counts: entries that are too old, or not above a later one. What is left falls from the first
    /// to the last, so the first is the largest.
    /// </summary>
    public static long[] Add(long[] needs, long at, int need, double holdSeconds)
    {
        var oldest = at - (long)(holdSeconds * 1000);
        List<long> kept = [];
        for (var i = 0; i + 1 < needs.Length; i += 2)
        {
            // Not those of the future either, which a clock that stepped back would never let grow old.
            if (needs[i] > oldest && needs[i] <= at && needs[i + 1] > need)
                kept.AddRange([needs[i], needs[i + 1]]);
        }
        return [.. kept, at, need];
    }
}
