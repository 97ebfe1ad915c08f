using Keda.Inference.LoadTest.Simulation.Autoscalers;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>A discrete-event simulation of queue, replicas and autoscaler in virtual time. One instance runs once.</summary>
internal sealed class Simulator
{
    /// <summary>How long KEDA's push takes from the first job to the wake-up, in seconds.</summary>
    private const double PushSeconds = 0.1;

    private readonly PriorityQueue<Event, (double Time, int Order)> _events = new();
    private readonly SimulationSettings _settings;
    private readonly SimulatedAutoscaler _autoscaler;
    private readonly LeadIn _leadIn;
    private readonly double[] _arrivals;
    private readonly double[] _service;
    private readonly double[] _waitedService;
    private readonly double[] _latencies;
    private readonly double _duration;
    private readonly double _end;
    private readonly SimulatedQueue _queue;
    private readonly SimulatedReplicas _replicas = new();
    private readonly SimulationView _view;
    private readonly StartupDeck _startups;
    private readonly SimulationSecond[] _timeline;
    private int _order, _changes, _recorded, _peak;
    private double _replicaSeconds, _busySeconds, _accountedTo;
    private bool _pushPending;

    private Simulator(LeadIn load, double duration, SimulationSettings settings, SimulatedAutoscaler autoscaler, int seed)
    {
        var arrivals = load.Arrivals;
        (_settings, _autoscaler, _arrivals, _leadIn) = (settings, autoscaler, arrivals, load);
        (_duration, _accountedTo) = (duration, load.Seconds);
        _end = Math.Max(load.Seconds + duration, arrivals.Length > 0 ? arrivals[^1] : 0) + settings.TimeoutSeconds + 1;
        // Every policy of a seed sees the same requests with the same work, in streams that do not disturb each other.
        var work = new Random(HashCode(seed, 1));
        _service = new double[arrivals.Length];
        for (var i = 0; i < arrivals.Length; i++)
            _service[i] = settings.Service.Draw(work, arrivals[i]);
        var waitedWork = new Random(HashCode(seed, 5));
        _waitedService = settings.WaitedService is { } waited ? [.. arrivals.Select(at => waited.Draw(waitedWork, at))] : _service;
        _startups = new StartupDeck(settings.StartupSeconds, new Random(HashCode(seed, 2)));
        var phases = new Random(HashCode(seed, 3));
        _latencies = new double[arrivals.Length];
        Array.Fill(_latencies, double.PositiveInfinity);
        _timeline = new SimulationSecond[(int)Math.Ceiling(duration)];
        _queue = new SimulatedQueue(arrivals, settings, _end) { ClockPhase = phases.NextDouble() };
        _view = new SimulationView(_queue, _replicas, settings);
        foreach (var timer in autoscaler.Timers(phases))
            Schedule(timer.First, new Event(timer));
    }

    /// <summary>Runs a load against a policy.</summary>
    /// <param name="arrivals">Send times in seconds, ascending.</param>
    /// <param name="duration">The load's duration in seconds; replica-seconds count up to its end.</param>
    /// <param name="settings">The system.</param>
    /// <param name="autoscaler">A fresh autoscaler.</param>
    /// <param name="seed">Draws service times, start-up times and the phases of all periodic things.</param>
    public static SimulationRun Run(double[] arrivals, double duration, SimulationSettings settings, SimulatedAutoscaler autoscaler, int seed) =>
        new Simulator(LeadIn.Before(arrivals, duration, settings.LeadInSeconds, HashCode(seed, 4)), duration, settings, autoscaler, seed).Run();

    private SimulationRun Run()
    {
        for (var i = 0; i < _autoscaler.InitialReplicas; i++)
        {
            // They became ready long ago, one after the other, and have said how long that took.
            var startup = _startups.Any();
            _replicas.Add(-3600 + i - startup, -3600 + i);
            _queue.ReplicaStarted(startup);
        }
        var next = 0;
        while (true)
        {
            var isArrival = next < _arrivals.Length && (!_events.TryPeek(out _, out var due) || _arrivals[next] <= due.Time);
            double now;
            Event happened = default;
            if (isArrival)
                now = _arrivals[next];
            else if (_events.TryDequeue(out happened, out var key))
                now = key.Time;
            else
                break;
            if (now > _end)
                break;
            AdvanceTo(now);
            if (isArrival)
                Arrive(next++);
            else
                Handle(happened);
        }
        AdvanceTo(_end);
        return new SimulationRun
        {
            Arrivals = [.. _arrivals.Skip(_leadIn.Count).Select(at => at - _leadIn.Seconds)],
            Latencies = _latencies[_leadIn.Count..],
            ReplicaSeconds = _replicaSeconds,
            BusySeconds = _busySeconds,
            PeakReplicas = _peak,
            Changes = _changes,
            DurationSeconds = _duration,
            Timeline = _timeline,
        };
    }

    private void AdvanceTo(double now)
    {
        for (double at; _recorded < _timeline.Length && (at = _leadIn.Seconds + _recorded) <= now; _recorded++)
            _timeline[_recorded] = new(_recorded, _replicas.Spec, _replicas.ReadyCount(at), _queue.Waiting, _queue.InFlight);
        var until = Math.Min(now, _leadIn.Seconds + _duration);
        if (until > _accountedTo)
        {
            _replicaSeconds += _replicas.All.Count * (until - _accountedTo);
            _peak = Math.Max(_peak, _replicas.All.Count);
        }
        _accountedTo = Math.Max(_accountedTo, until);
        _view.Now = now;
    }

    private void Arrive(int job)
    {
        _queue.Arrive(job, _view.Now);
        if (_replicas.Idle(_view.Now) is { } idle)
            Serve(idle);
        else if (_replicas.Spec == 0 && !_pushPending)
        {
            _pushPending = true;
            Schedule(_view.Now + PushSeconds, default);
        }
    }

    private void Handle(Event happened)
    {
        if (happened.Timer is { } timer)
        {
            if (timer.Act(_view) is { } wanted)
                ScaleTo(wanted);
            Schedule(_view.Now + timer.Period, happened);
        }
        else if (happened.Replica is not { } replica)
        {
            _pushPending = false;
            if (_autoscaler.OnPush(_view) is { } wanted)
                ScaleTo(wanted);
        }
        else if (happened.Job is { } job)
            Complete(replica, job);
        else if (!replica.Draining)
        {
            _queue.ReplicaStarted(replica.ReadyAt - replica.RequestedAt);
            Serve(replica);
        }
    }

    private void Serve(SimulatedReplica replica)
    {
        var job = _queue.Claim(_view.Now);
        if (job < 0)
            return;
        replica.Begin(_view.Now);
        var service = _view.Now > _arrivals[job] ? _waitedService[job] : _service[job];
        Schedule(_view.Now + service, new Event(replica, job));
    }

    private void Complete(SimulatedReplica replica, int job)
    {
        var now = _view.Now;
        var busy = replica.End(now);
        // What began before the load is the lead-in's.
        _busySeconds += Math.Clamp(now - _leadIn.Seconds, 0, busy);
        _queue.Complete(busy, now);
        // An answer after the caller has gone is no answer.
        var latency = now - _arrivals[job] + _settings.OverheadSeconds;
        if (latency <= _settings.TimeoutSeconds)
            _latencies[job] = latency;
        if (replica.Draining)
            _replicas.Gone(replica);
        else
            Serve(replica);
    }

    private void ScaleTo(int wanted)
    {
        if (wanted == _replicas.Spec)
            return;
        if (_view.Now >= _leadIn.Seconds)
            _changes++;
        while (_replicas.Spec < wanted)
        {
            var replica = _replicas.Add(_view.Now, _view.Now + _startups.Next());
            Schedule(replica.ReadyAt, new Event(replica, null));
        }
        while (_replicas.Spec > wanted)
            _replicas.Remove(_view.Now);
    }

    private void Schedule(double time, Event what) => _events.Enqueue(what, (time, _order++));

    // System.HashCode differs from process to process; runs must not.
    private static int HashCode(int seed, int stream) => unchecked((seed * 486_187_739) ^ (stream * 16_777_619));

    /// <summary>A timer, the end of a job on a replica, a replica's becoming ready, or (none of these) KEDA's push.</summary>
    private readonly record struct Event(AutoscalerTimer? Timer, SimulatedReplica? Replica, int? Job)
    {
        public Event(AutoscalerTimer timer) : this(timer, null, null) { }

        public Event(SimulatedReplica replica, int? job) : this(null, replica, job) { }
    }
}
