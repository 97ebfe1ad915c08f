using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Simulation;

/// <summary>
/// The queue in virtual time: the same order of service, deadlines and signals as the real one. Jobs are indices into the list of arrivals.
/// </summary>
internal sealed class SimulatedQueue(double[] arrivals, SimulationSettings settings, double endSeconds)
{
    /// <summary>Second 0 of the run by the simulated clock; the phase between load and clock differs with the seed.</summary>
    private static readonly DateTimeOffset Epoch = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly SecondCounts[] _seconds = new SecondCounts[(int)Math.Ceiling(endSeconds) + 2];
    private readonly int[] _ring = new int[arrivals.Length];
    private readonly List<double> _startups = [];
    private int _head;
    private int _tail;
    private long _arrived, _completed, _expired;
    private double _busy;

    /// <summary>The fraction of a second by which the clock is ahead of the load.</summary>
    public double ClockPhase { get; init; }

    public int Waiting => _tail - _head;

    public int InFlight { get; private set; }

    public long Expired => _expired;

    public DateTimeOffset Clock(double now) => Epoch.AddSeconds(now + ClockPhase);

    public void Arrive(int job, double now)
    {
        // Jobs arrive in order, so the waiting ones are a window of the ring: taken from either end.
        _ring[_tail++] = job;
        _arrived++;
        ref var second = ref Second(now);
        second = second with { Arrivals = second.Arrivals + 1 };
    }

    /// <summary>The next job to serve, or -1. Those past their deadline are answered on the way.</summary>
    public int Claim(double now)
    {
        Expire(now);
        if (Waiting == 0)
            return -1;
        InFlight++;
        var overdue = now - arrivals[_ring[_head]] > settings.SloSeconds;
        return settings.Order == ServiceOrder.AdaptiveLifo && overdue ? _ring[--_tail] : _ring[_head++];
    }

    public void Complete(double busy, double now)
    {
        InFlight--;
        _completed++;
        _busy += busy;
        ref var second = ref Second(now);
        second = second with { Completions = second.Completions + 1, BusySeconds = second.BusySeconds + busy };
    }

    public void ReplicaStarted(double seconds)
    {
        _startups.Insert(0, seconds);
        if (_startups.Count > 10)
            _startups.RemoveAt(10);
    }

    /// <summary>Ends every job whose caller has given up.</summary>
    public void Expire(double now)
    {
        while (_head < _tail && arrivals[_ring[_head]] + settings.TimeoutSeconds is var end && end <= now)
        {
            _head++;
            _expired++;
            ref var second = ref Second(end);
            second = second with { NotServed = second.NotServed + 1 };
        }
    }

    /// <summary>What the scaler reads.</summary>
    public QueueSignals Signals(double now, int live, int ready)
    {
        Expire(now);
        Second(now) = Second(now) with { Second = UnixSecond(now) };
        var last = Index(now);
        var first = Math.Max(0, last - QueueSignals.SeriesSeconds + 1);
        for (var i = last; i >= first && _seconds[i].Second == 0; i--)
            _seconds[i] = _seconds[i] with { Second = UnixSecond(now) - (last - i) };
        var used = _arrived > 0;
        return new QueueSignals
        {
            At = Clock(now),
            Waiting = Waiting,
            InFlight = InFlight,
            OldestWaitingAge = Waiting > 0 ? TimeSpan.FromSeconds(now - arrivals[_ring[_head]]) : null,
            Arrivals = _arrived,
            Completions = _completed,
            Failures = 0,
            Rejections = 0,
            Expirations = _expired,
            Refusals = 0,
            DeadLettered = 0,
            DeadLetters = 0,
            BusySeconds = _busy,
            LiveWorkers = live,
            ReadyWorkers = ready,
            StartupSeconds = _startups,
            Series = used ? new ArraySegment<SecondCounts>(_seconds, first, last - first + 1) : [],
        };
    }

    private int Index(double now) => Math.Min((int)Math.Floor(now + ClockPhase), _seconds.Length - 1);

    private long UnixSecond(double now) => Epoch.ToUnixTimeSeconds() + Index(now);

    private ref SecondCounts Second(double now)
    {
        ref var second = ref _seconds[Index(now)];
        if (second.Second == 0)
            second = second with { Second = UnixSecond(now) };
        return ref second;
    }
}
