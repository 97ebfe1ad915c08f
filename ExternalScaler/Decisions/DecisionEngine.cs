using Keda.Inference.ExternalScaler.Cluster;
using Keda.Inference.ExternalScaler.Policies;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Decisions;

/// <summary>
/// Reads once, decides, and writes the decision with a compare-and-set, so that scaler replicas that are asked alternately act as one. The
/// clock is Redis', which they share.
/// </summary>
internal sealed partial class DecisionEngine(
    IWorkQueues queues, IClusterView cluster, IDecisionObserver observer, ILogger<DecisionEngine> logger)
{
    /// <summary>Losing this often in a row means that something other than another replica is wrong.</summary>
    private const int Attempts = 5;

    /// <summary>The decision of this moment.</summary>
    /// <exception cref="WorkQueueUnavailableException">Redis is away.</exception>
    /// <exception cref="ClusterUnavailableException">The cluster's view is not to be had.</exception>
    public async Task<Evaluation> EvaluateAsync(ScaledObjectKey key, TriggerSettings settings, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            observer.Waits();
            var context = await ReadAsync(key, settings, cancellation);
            var stored = StoredState.Read(context.Stored.State);
            var evaluation = Decide(key, settings, context, stored);
            if (!IsDue(evaluation, stored, settings))
            {
                observer.Evaluated(evaluation, decided: false);
                return evaluation;
            }

            if (PolicyState.OwnerOf(stored.Policy) is { } former && PolicyState.OwnerOf(evaluation.Decision.NextState) != former)
                LogForeign(key.Namespace, key.Name, former, settings.Policy.Name);
            // Not cancelled with the call: what was given out is kept.
            var commit = CommitAsync(evaluation, context.Stored.Version, CancellationToken.None);
            // A number that was given out before need not wait until it is written again: that would be a second round trip for nothing new.
            if (stored.Desired == evaluation.Decision.DesiredReplicas)
            {
                _ = ObserveAsync(commit, key);
                observer.Evaluated(evaluation, decided: true);
                return evaluation;
            }
            observer.Waits();
            if (await commit)
            {
                observer.Evaluated(evaluation, decided: true);
                LogDecision(key.Namespace, key.Name, key.Queue, evaluation.Decision.DesiredReplicas, evaluation.Decision.Reason);
                return evaluation;
            }
            if (attempt == Attempts)
                throw new WorkQueueUnavailableException($"The decision of {key.Namespace}/{key.Name} was overtaken {Attempts} times in a row.");
        }
    }

    /// <summary>What would be decided now. Nothing is kept or counted: whoever looks at a ScaledObject must not move it.</summary>
    /// <exception cref="WorkQueueUnavailableException">Redis is away.</exception>
    /// <exception cref="ClusterUnavailableException">The cluster's view is not to be had.</exception>
    public async Task<Evaluation> InspectAsync(ScaledObjectKey key, TriggerSettings settings, CancellationToken cancellation)
    {
        observer.Waits();
        var context = await ReadAsync(key, settings, cancellation);
        return Decide(key, settings, context, StoredState.Read(context.Stored.State));
    }

    /// <summary>Whether there is work, from the queues alone; decides nothing.</summary>
    /// <exception cref="WorkQueueUnavailableException">Redis is away.</exception>
    public async Task<bool> IsActiveAsync(ScaledObjectKey key, TriggerSettings settings, CancellationToken cancellation)
    {
        observer.Waits();
        var (context, upstream) = await ReadQueuesAsync(key, settings, cancellation);
        return Activity.IsActive(context.Signals, upstream, settings.ActivationQueueLength);
    }

    /// <summary>Adds to the history that the target was raised; the state stays as it is.</summary>
    public async Task RecordRaiseAsync(Evaluation evaluation, int raisedTo, CancellationToken cancellation)
    {
        var record = DecisionRecord.Of(evaluation, raisedTo).ToBytes();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var context = await queues.Decisions.ReadAsync(evaluation.Key, cancellation);
            if (await queues.Decisions.CommitAsync(evaluation.Key, context.Version, context.State, record, cancellation))
                return;
        }
    }

    private async Task<ReadContext> ReadAsync(ScaledObjectKey key, TriggerSettings settings, CancellationToken cancellation)
    {
        var (stored, upstream) = await ReadQueuesAsync(key, settings, cancellation);
        return new ReadContext(stored, upstream, await cluster.ReadAsync(key, settings, stored, cancellation));
    }

    private async Task<(DecisionContext Own, UpstreamQueue[] Upstream)> ReadQueuesAsync(
        ScaledObjectKey key, TriggerSettings settings, CancellationToken cancellation)
    {
        var reading = queues.Decisions.ReadAsync(key, cancellation);
        // Sent right behind the first, so that together they cost one round trip.
        var upstream = settings.Upstream.Count == 0
            ? []
            : await Task.WhenAll(settings.Upstream.Select(
                async queue => new UpstreamQueue(queue, await queues.Open(queue).GetSignalsAsync(cancellation))));
        return (await reading, upstream);
    }

    private static Evaluation Decide(ScaledObjectKey key, TriggerSettings settings, ReadContext context, StoredState stored)
    {
        var snapshot = new ScalingSnapshot
        {
            Signals = context.Stored.Signals,
            CurrentReplicas = context.Scale.CurrentReplicas,
            ReadyReplicas = context.Scale.ReadyReplicas,
            MinReplicas = context.Scale.MinReplicas,
            MaxReplicas = context.Scale.MaxReplicas,
            Upstream = context.Upstream,
            State = stored.Policy,
        };
        var decision = settings.Policy.Decide(snapshot, context.Stored.Signals.At);
        return new Evaluation(key, settings.Policy.Name, context.Stored.Signals, context.Scale, decision);
    }

    /// <summary>Whether there is anything to write: a new state, a new number, or a record that is due.</summary>
    private static bool IsDue(Evaluation evaluation, StoredState stored, TriggerSettings settings)
    {
        var sinceRecord = evaluation.Signals.At.ToUnixTimeMilliseconds() - stored.RecordedAtMs;
        return evaluation.Decision.StateChanged
            || stored.Desired != evaluation.Decision.DesiredReplicas
            || sinceRecord >= settings.PollSeconds * 1000
            || sinceRecord < 0; // the clock has stepped back
    }

    private Task<bool> CommitAsync(Evaluation evaluation, long version, CancellationToken cancellation)
    {
        var state = StoredState.Write(
            evaluation.Decision.DesiredReplicas, evaluation.Signals.At.ToUnixTimeMilliseconds(), evaluation.Decision.NextState.Span);
        return queues.Decisions.CommitAsync(evaluation.Key, version, state, DecisionRecord.Of(evaluation).ToBytes(), cancellation);
    }

    private async Task ObserveAsync(Task<bool> commit, ScaledObjectKey key)
    {
        try
        {
            await commit;
        }
        catch (Exception error) when (error is WorkQueueUnavailableException or OperationCanceledException)
        {
            LogNotKept(key.Namespace, key.Name, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Namespace}/{Name} on queue {Queue}: {Desired} replicas wanted: {Reason}")]
    private partial void LogDecision(string @namespace, string name, string queue, int desired, string reason);

    [LoggerMessage(LogLevel.Warning, "{Namespace}/{Name}: what policy {Former} remembered is given up for policy {Policy}, which starts afresh.")]
    private partial void LogForeign(string @namespace, string name, string former, string policy);

    [LoggerMessage(LogLevel.Debug, "The decision of {Namespace}/{Name} was not kept for inspection: {Reason}")]
    private partial void LogNotKept(string @namespace, string name, string reason);

    private sealed record ReadContext(DecisionContext Stored, UpstreamQueue[] Upstream, TargetScale Scale);
}
