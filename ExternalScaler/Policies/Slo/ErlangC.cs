namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>
/// Waiting in a queue with n servers. The probability of waiting at all is Erlang's C formula; the tail beyond it is exponential with rate
/// nμ − λ for exponential service, and 2/(ca² + cs²) times that in heavy traffic for other arrivals and services
/// (Kingman; Allen and Cunneen; see Whitt, "Approximations for the GI/G/m queue", 1993).
/// </summary>
internal static class ErlangC
{
    /// <summary>
    /// The probability that an arrival has to wait, with offered load <paramref name="load"/> (λ/μ) on <paramref name="servers"/>
    /// servers; 1 when they cannot carry it.
    /// </summary>
    public static double WaitProbability(int servers, double load)
    {
        if (load <= 0)
            return 0;
        if (servers <= load)
            return 1;
        // Erlang B by its recursion, which neither overflows nor cancels, then C from B.
        var blocking = 1.0;
        for (var k = 1; k <= servers; k++)
            blocking = load * blocking / (k + load * blocking);
        var utilisation = load / servers;
        return blocking / (1 - utilisation * (1 - blocking));
    }

    /// <summary>How fast the probability of a long wait falls with its length, per second; 0 when the servers cannot carry the load.</summary>
    /// <param name="servers">How many servers.</param>
    /// <param name="arrivalRate">λ, per second.</param>
    /// <param name="serviceRate">μ of one server, per second.</param>
    /// <param name="variability">(ca² + cs²)/2: 1 for Poisson arrivals and exponential service.</param>
    public static double WaitDecay(int servers, double arrivalRate, double serviceRate, double variability) =>
        Math.Max(0, servers * serviceRate - arrivalRate) / variability;
}
