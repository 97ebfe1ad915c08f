namespace Keda.Inference.LoadTest.Simulation.Autoscalers;

/// <summary>What looks at the system from time to time and says how many replicas there shall be. One instance belongs to one run.</summary>
internal abstract class SimulatedAutoscaler
{
    /// <summary>The replicas at the start of a run, all ready.</summary>
    public abstract int InitialReplicas { get; }

    /// <summary>What it does and how often; the phases are drawn from the seed.</summary>
    public abstract IReadOnlyList<AutoscalerTimer> Timers(Random phases);

    /// <summary>When something with that period is first done: as recorded, or drawn.</summary>
    protected static double First(SimulationSettings settings, Random phases, double period)
    {
        var drawn = phases.NextDouble() * period;
        if (settings.FirstLookSeconds is not { } look)
            return drawn;
        var phase = (look + settings.LeadInSeconds) % period;
        return phase < 0 ? phase + period : phase;
    }

    /// <summary>What a job's arrival at a target without replicas leads to, 0.1 s later: KEDA's push. Null when it changes nothing.</summary>
    public virtual int? OnPush(SimulationView view) => null;
}

/// <summary>Something done again and again.</summary>
/// <param name="First">Seconds into the run.</param>
/// <param name="Period">Seconds between.</param>
/// <param name="Act">Returns the replicas there shall be, or null for no change.</param>
internal sealed record AutoscalerTimer(double First, double Period, Func<SimulationView, int?> Act);
