using System.Collections.Concurrent;
using Keda.Inference.ExternalScaler.Hosting;
using Keda.Inference.ExternalScaler.Triggers;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Options;

namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>The view of a Kubernetes cluster, out of mirrors: a call costs no request.</summary>
internal sealed class KubernetesClusterView : IClusterView, IAsyncDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);
    private const int RaiseAttempts = 3;

    private readonly KubernetesApi _api;
    private readonly KubernetesOptions _options;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, Lazy<Reflector<ScaledObject>>> _scaledObjects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(KubeResource, string), Lazy<Reflector<Workload>>> _workloads = new();
    private readonly ITimer _sweeping;

    public KubernetesClusterView(KubernetesApi api, IOptions<ScalerOptions> options, TimeProvider time, ILogger<KubernetesClusterView> logger)
    {
        _api = api;
        _options = options.Value.Kubernetes;
        _limit = TimeSpan.FromMilliseconds(options.Value.DependencyTimeoutMs);
        _time = time;
        _logger = logger;
        _sweeping = time.CreateTimer(_ => Sweep(), null, IdleLimit, IdleLimit);
    }

    /// <summary>
    /// None as long as one namespace can be seen: a ScaledObject in a namespace without rights is that caller's error, and must not make the
    /// scaler unready for all.
    /// </summary>
    public string? Trouble =>
        OfAll(_scaledObjects.Values.Select(mirror => mirror.Value.Trouble)) ?? OfAll(_workloads.Values.Select(mirror => mirror.Value.Trouble));

    public async ValueTask<TargetScale> ReadAsync(
        ScaledObjectKey key, TriggerSettings settings, DecisionContext context, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_limit, _time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            var scaledObject = await ScaledObjectAsync(key, bound.Token);
            var (resource, name) = TargetOf(scaledObject, settings);
            var workload = await WorkloadAsync(resource, key.Namespace, name, bound.Token);
            var own = scaledObject.Spec.MaxReplicaCount ?? ScaledObject.DefaultMaxReplicas;
            var high = settings.MaxReplicas ?? own;
            var low = settings.MinReplicas ?? scaledObject.Spec.MinReplicaCount ?? ScaledObject.DefaultMinReplicas;
            return new TargetScale(
                $"{resource.Kind}/{name}", workload.Spec.Replicas ?? 1, workload.Status.ReadyReplicas ?? 0, Math.Min(low, high), high,
                Math.Min(high, own), Pausing.IsPaused(scaledObject));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ClusterUnavailableException(
                $"The Kubernetes API did not answer within {_limit.TotalMilliseconds:0} ms for ScaledObject {key.Namespace}/{key.Name}.");
        }
    }

    public async Task<bool> RaiseAsync(
        ScaledObjectKey key, TriggerSettings settings, TargetScale known, int replicas, CancellationToken cancellation)
    {
        var (resource, name) = TargetOf(await ScaledObjectAsync(key, cancellation), settings);
        var wanted = Math.Min(replicas, known.RaiseLimit);
        for (var attempt = 0; attempt < RaiseAttempts; attempt++)
        {
            var scale = await _api.ReadScaleAsync(resource, key.Namespace, name, cancellation);
            var found = scale.Spec?.Replicas ?? 0;
            // None where some were known: KEDA has just put it to rest, and the next look says whether there is work.
            if (found >= wanted || (found == 0 && known.CurrentReplicas > 0))
                return false;
            if (await _api.PatchScaleAsync(resource, key.Namespace, name, scale.Metadata.ResourceVersion, wanted, cancellation))
                return true;
        }
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _sweeping.DisposeAsync();
        foreach (var mirror in _scaledObjects.Values)
            await mirror.Value.DisposeAsync();
        foreach (var mirror in _workloads.Values)
            await mirror.Value.DisposeAsync();
    }

    private static string? OfAll(IEnumerable<string?> troubles)
    {
        string? first = null;
        foreach (var trouble in troubles)
        {
            if (trouble is null)
                return null;
            first ??= trouble;
        }

        return first;
    }

    private async ValueTask<ScaledObject> ScaledObjectAsync(ScaledObjectKey key, CancellationToken cancellation)
    {
        var scope = _options.WatchAllNamespaces ? "" : key.Namespace;
        var mirror = _scaledObjects.GetOrAdd(scope, name => new(() => Mirror<ScaledObject>(KubeResource.ScaledObjects, name))).Value;
        // A mirror may be a moment behind a new object, so the server has the last word on its absence.
        return await mirror.FindAsync(key.Namespace, key.Name, cancellation)
            ?? await _api.FindAsync<ScaledObject>(KubeResource.ScaledObjects, key.Namespace, key.Name, cancellation)
            ?? throw new ClusterUnavailableException($"ScaledObject {key.Namespace}/{key.Name} does not exist.");
    }

    private async ValueTask<Workload> WorkloadAsync(KubeResource resource, string @namespace, string name, CancellationToken cancellation)
    {
        var scope = _options.WatchAllNamespaces ? "" : @namespace;
        var mirror = _workloads.GetOrAdd((resource, scope), of => new(() => Mirror<Workload>(of.Item1, of.Item2))).Value;
        return await mirror.FindAsync(@namespace, name, cancellation)
            ?? await _api.FindAsync<Workload>(resource, @namespace, name, cancellation)
            ?? throw new ClusterUnavailableException($"{resource.Kind} {@namespace}/{name}, the target of the ScaledObject, does not exist.");
    }

    private static (KubeResource Resource, string Name) TargetOf(ScaledObject scaledObject, TriggerSettings settings)
    {
        if (settings.Deployment is { } deployment)
            return (KubeResource.Deployments, deployment);
        var target = scaledObject.Spec.ScaleTargetRef;
        var owner = $"ScaledObject {scaledObject.Metadata.Namespace}/{scaledObject.Metadata.Name}";
        if (string.IsNullOrEmpty(target?.Name))
            throw new ClusterUnavailableException($"{owner} has no spec.scaleTargetRef.name.");
        var resource = KubeResource.WorkloadOf(target.Kind)
            ?? throw new ClusterUnavailableException($"{owner} scales a {target.Kind}; only Deployment and StatefulSet are known.");
        return (resource, target.Name);
    }

    private Reflector<T> Mirror<T>(KubeResource resource, string scope) where T : KubeObject =>
        new(_api, resource, scope.Length == 0 ? null : scope, TimeSpan.FromSeconds(_options.ResyncSeconds), _time, _logger);

    /// <summary>Namespaces come and go; a mirror nobody asks is given up.</summary>
    private void Sweep()
    {
        foreach (var (scope, mirror) in _scaledObjects)
        {
            if (mirror.Value.Idle > IdleLimit && _scaledObjects.TryRemove(scope, out _))
                _ = mirror.Value.DisposeAsync().AsTask();
        }
        foreach (var (scope, mirror) in _workloads)
        {
            if (mirror.Value.Idle > IdleLimit && _workloads.TryRemove(scope, out _))
                _ = mirror.Value.DisposeAsync().AsTask();
        }
    }
}
