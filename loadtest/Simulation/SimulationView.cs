using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>What an autoscaler can see of the simulated system now: no more than the real one.</summary>
internal sealed class SimulationView(SimulatedQueue queue, SimulatedReplicas replicas, SimulationSettings settings)
{
    /// <summary>Seconds into the run.</summary>
    public double Now { get; set; }

    public DateTimeOffset Clock => queue.Clock(Now);

    public int SpecReplicas => replicas.Spec;

    public ScalingSnapshot Snapshot(ReadOnlyMemory<byte> state)
    {
        var ready = replicas.ReadyCount(Now);
        return new ScalingSnapshot
        {
            Signals = queue.Signals(Now, replicas.All.Count, ready),
            CurrentReplicas = replicas.Spec,
            ReadyReplicas = ready,
            MinReplicas = settings.MinReplicas,
            MaxReplicas = settings.MaxReplicas,
            State = state,
        };
    }

    /// <summary>The pods and their CPU samples as the HPA finds them.</summary>
    public (IReadOnlyList<HpaPod> Pods, Dictionary<string, CpuSample> Samples) Pods()
    {
        var pods = new List<HpaPod>(replicas.All.Count);
        var samples = new Dictionary<string, CpuSample>();
        foreach (var replica in replicas.All)
        {
            var ready = replica.IsReady(Now);
            pods.Add(new HpaPod
            {
                Name = replica.Name,
                Deleting = replica.Draining,
                StartTime = queue.Clock(replica.RequestedAt),
                Ready = ready,
                ReadyChangedAt = queue.Clock(ready ? replica.ReadyAt : replica.RequestedAt),
            });
            if (replica.Cpu is { } cpu)
                samples[replica.Name] = cpu;
        }
        return (pods, samples);
    }

    public void SampleCpu()
    {
        foreach (var replica in replicas.All)
            replica.SampleCpu(Now, Clock);
    }
}
