using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>One replica's life.</summary>
internal sealed class SimulatedReplica(int id, double requestedAt, double readyAt)
{
    private double _busySeconds;
    private double _busySince = double.NaN;
    private double _sampledBusy;
    private double _sampledAt = double.NaN;

    public string Name { get; } = $"replica-{id}";

    public double RequestedAt { get; } = requestedAt;

    public double ReadyAt { get; } = readyAt;

    public bool Draining { get; set; }

    public bool IsBusy => !double.IsNaN(_busySince);

    /// <summary>Its last CPU sample, if it was measured over a whole window.</summary>
    public CpuSample? Cpu { get; private set; }

    public bool IsReady(double now) => ReadyAt <= now && !Draining;

    public void Begin(double now) => _busySince = now;

    public double End(double now)
    {
        var busy = now - _busySince;
        _busySeconds += busy;
        _busySince = double.NaN;
        return busy;
    }

    public double BusySeconds(double now) => _busySeconds + (IsBusy ? now - _busySince : 0);

    /// <summary>Takes a CPU sample as the metrics API does: use over the time since the sample before, so the first look gives none.</summary>
    public void SampleCpu(double now, DateTimeOffset clock)
    {
        var busy = BusySeconds(now);
        if (!double.IsNaN(_sampledAt) && now > _sampledAt)
            Cpu = new CpuSample((long)Math.Round(1000 * (busy - _sampledBusy) / (now - _sampledAt)), clock, TimeSpan.FromSeconds(now - _sampledAt));
        (_sampledAt, _sampledBusy) = (now, busy);
    }
}
