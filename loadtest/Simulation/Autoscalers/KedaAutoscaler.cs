using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.LocalCluster.Hpa;

namespace Keda.Inference.LoadTest.Simulation.Autoscalers;

/// <summary>
/// One of the scaler's policies behind KEDA: the HPA reads the decision at every sync, KEDA polls for activity, and the fast lane, where
/// on, raises replicas once a second. All three ask the same policy with the same state, as the real scaler does.
/// </summary>
internal sealed class KedaAutoscaler : SimulatedAutoscaler
{
    private readonly IScalingPolicy _policy;
    private readonly SimulationSettings _settings;
    private readonly bool _fastLane;
    private readonly KedaActivation _keda;
    private readonly HpaSpec _spec;
    private readonly HpaState _hpa = new();
    private ReadOnlyMemory<byte> _state;

    public KedaAutoscaler(IScalingPolicy policy, HpaBehavior behavior, bool fastLane, SimulationSettings settings)
    {
        (_policy, _fastLane) = (policy, fastLane);
        _settings = settings;
        _keda = new KedaActivation
        {
            MinReplicas = settings.MinReplicas,
            MaxReplicas = settings.MaxReplicas,
            CooldownPeriod = TimeSpan.FromSeconds(settings.CooldownPeriodSeconds),
        };
        _spec = new HpaSpec { MinReplicas = _keda.HpaMinReplicas, MaxReplicas = settings.MaxReplicas, Behavior = behavior };
    }

    public override int InitialReplicas => _settings.MinReplicas;

    public override IReadOnlyList<AutoscalerTimer> Timers(Random phases)
    {
        List<AutoscalerTimer> timers =
        [
            new(First(_settings, phases, _settings.SyncSeconds), _settings.SyncSeconds, Sync),
            new(First(_settings, phases, _settings.PollSeconds), _settings.PollSeconds, Poll),
        ];
        if (_fastLane)
            timers.Add(new(phases.NextDouble(), 1, Raise));
        return timers;
    }

    public override int? OnPush(SimulationView view) => _keda.OnPush(view.SpecReplicas, view.Clock);

    private int? Sync(SimulationView view)
    {
        if (view.SpecReplicas == 0)
            return null;
        var metric = new ExternalAverageMetric(Decide(view).DesiredReplicas, 1);
        return HpaController.Compute([metric], [], view.SpecReplicas, _spec, _hpa, view.Clock).Replicas;
    }

    private int? Poll(SimulationView view) => _keda.OnPoll(Decide(view).Active, view.SpecReplicas, view.Clock);

    private int? Raise(SimulationView view)
    {
        var decision = Decide(view);
        // As the scaler's fast lane: the step from none is taken by activity alone.
        if (view.SpecReplicas == 0 && !decision.Active)
            return null;
        return decision.DesiredReplicas > view.SpecReplicas ? Math.Min(decision.DesiredReplicas, _settings.MaxReplicas) : null;
    }

    private Decision Decide(SimulationView view)
    {
        var decision = _policy.Decide(view.Snapshot(_state), view.Clock);
        _state = decision.NextState;
        return decision;
    }
}
