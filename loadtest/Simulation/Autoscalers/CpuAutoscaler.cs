using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LoadTest.Simulation.Autoscalers;

/// <summary>The HPA on CPU utilisation with the report's behaviour.</summary>
internal sealed class CpuAutoscaler(int targetUtilization, SimulationSettings settings) : SimulatedAutoscaler
{
    private readonly HpaState _state = new();

    private readonly HpaSpec _spec = new()
    {
        MinReplicas = Math.Max(1, settings.MinReplicas),
        MaxReplicas = settings.MaxReplicas,
        Behavior = HpaBehavior.Report,
    };

    public override int InitialReplicas => _spec.MinReplicas;

    public override IReadOnlyList<AutoscalerTimer> Timers(Random phases)
    {
        var sample = phases.NextDouble() * settings.CpuSampleSeconds;
        return
        [
            new(sample, settings.CpuSampleSeconds, view => { view.SampleCpu(); return null; }),
            new(First(settings, phases, settings.SyncSeconds), settings.SyncSeconds, Sync),
        ];
    }

    private int? Sync(SimulationView view)
    {
        var (pods, samples) = view.Pods();
        var metric = new CpuUtilizationMetric(targetUtilization, samples);
        return HpaController.Compute([metric], pods, view.SpecReplicas, _spec, _state, view.Clock).Replicas;
    }
}
