using Keda.Inference.ExternalScaler.Cluster;
using Keda.Inference.ExternalScaler.Decisions;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;
using NSubstitute;

namespace Keda.Inference.ExternalScaler.Tests.Support;

/// <summary>A decision store in memory with a clock and a queue that a test sets.</summary>
internal sealed class MemoryDecisions : IDecisionStore, IDecisionObserver
{
    private long _version;
    private byte[] _state = [];

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddDays(20_000);

    public int Waiting { get; set; }

    public int InFlight { get; set; }

    public LocalScaleRecord? Scale { get; set; } = new(1, 1, 6);

    public List<DecisionRecord> History { get; } = [];

    /// <summary>Called before each commit; a test may let another replica be faster.</summary>
    public Action? BeforeCommit { get; set; }

    public int RoundTrips { get; private set; }

    public DecisionEngine Engine()
    {
        var queues = Substitute.For<IWorkQueues>();
        queues.Decisions.Returns(this);
        return new DecisionEngine(queues, new LocalClusterView(queues), this, Microsoft.Extensions.Logging.Abstractions.NullLogger<DecisionEngine>.Instance);
    }

    public Task<DecisionContext> ReadAsync(ScaledObjectKey key, CancellationToken cancellation) => Task.FromResult(new DecisionContext(
        new QueueSignals
        {
            At = Now, Waiting = Waiting, InFlight = InFlight, OldestWaitingAge = null, Arrivals = 0, Completions = 0, Failures = 0, Rejections = 0,
            Expirations = 0, Refusals = 0, DeadLettered = 0, DeadLetters = 0, BusySeconds = 0, LiveWorkers = Scale?.Replicas ?? 0,
            ReadyWorkers = Scale?.Replicas ?? 0, StartupSeconds = [], Series = [],
        },
        Scale, _version, _state));

    public Task<bool> CommitAsync(
        ScaledObjectKey key, long readVersion, ReadOnlyMemory<byte> state, ReadOnlyMemory<byte> record, CancellationToken cancellation)
    {
        var before = BeforeCommit;
        BeforeCommit = null;
        before?.Invoke();
        if (readVersion != _version)
            return Task.FromResult(false);
        _version++;
        _state = state.ToArray();
        History.Add(DecisionRecord.FromBytes(record).ShouldNotBeNull());
        return Task.FromResult(true);
    }

    public void Waits() => RoundTrips++;

    public void Evaluated(Evaluation evaluation, bool decided)
    {
    }

    Task<IReadOnlyList<ReadOnlyMemory<byte>>> IDecisionStore.HistoryAsync(ScaledObjectKey key, int count, CancellationToken cancellation) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<ScaledObjectKey>> IDecisionStore.ListAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
