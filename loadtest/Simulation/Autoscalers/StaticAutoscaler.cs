namespace Keda.Inference.LoadTest.Simulation.Autoscalers;

/// <summary>A fixed number of replicas.</summary>
internal sealed class StaticAutoscaler(int replicas) : SimulatedAutoscaler
{
    public override int InitialReplicas => replicas;

    public override IReadOnlyList<AutoscalerTimer> Timers(Random phases) => [];
}
