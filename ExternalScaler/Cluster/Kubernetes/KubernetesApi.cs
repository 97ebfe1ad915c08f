using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Kube = k8s.IKubernetes;

namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>The few calls the scaler makes, each bounded in time and with errors that say what to do.</summary>
internal sealed class KubernetesApi(Kube client, TimeSpan limit, TimeProvider time)
{
    /// <summary>A list is read behind everyone's back, and that of a large cluster takes its time.</summary>
    private static readonly TimeSpan s_listLimit = TimeSpan.FromSeconds(30);

    /// <summary>Everything of a kind in a namespace, or in the cluster for null.</summary>
    public Task<KubeList<T>> ListAsync<T>(KubeResource resource, string? @namespace, CancellationToken cancellation) =>
        BoundAsync(
            "list", resource, @namespace, null,
            async bound => (@namespace is null
                ? await client.CustomObjects.ListClusterCustomObjectWithHttpMessagesAsync<KubeList<T>>(
                    resource.Group, resource.Version, resource.Plural, cancellationToken: bound)
                : await client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<KubeList<T>>(
                    resource.Group, resource.Version, @namespace, resource.Plural, cancellationToken: bound)).Body,
            cancellation, s_listLimit > limit ? s_listLimit : limit);

    /// <summary>Changes after a version, until the server ends the watch after <paramref name="duration"/>.</summary>
    /// <exception cref="KubernetesException">The server ended it with a status, such as 410 Gone.</exception>
    public async IAsyncEnumerable<(WatchEventType Type, T Item)> WatchAsync<T>(
        KubeResource resource, string? @namespace, string version, TimeSpan duration, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A server that went silent would keep the watch open for ever.
        using var silence = new CancellationTokenSource(duration + limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        var seconds = Math.Max(1, (int)duration.TotalSeconds);
        Exception? failure = null;
        var changes = @namespace is null
            ? client.CustomObjects.WatchListClusterCustomObjectAsync(
                resource.Group, resource.Version, resource.Plural, resourceVersion: version, timeoutSeconds: seconds, onError: Fail,
                cancellationToken: end.Token)
            : client.CustomObjects.WatchListNamespacedCustomObjectAsync(
                resource.Group, resource.Version, @namespace, resource.Plural, resourceVersion: version, timeoutSeconds: seconds, onError: Fail,
                cancellationToken: end.Token);
        await foreach (var (type, item) in changes)
            yield return (type, ((JsonElement)item).Deserialize<T>()!);
        if (failure is not null)
            throw failure;

        void Fail(Exception error) => failure = error;
    }

    /// <summary>One object, or null when it does not exist.</summary>
    public async Task<T?> FindAsync<T>(KubeResource resource, string @namespace, string name, CancellationToken cancellation) where T : class =>
        await BoundAsync(
            "get", resource, @namespace, name,
            async bound =>
            {
                try
                {
                    return (await client.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync<T>(
                        resource.Group, resource.Version, @namespace, resource.Plural, name, cancellationToken: bound)).Body;
                }
                catch (HttpOperationException error) when (error.Response.StatusCode == HttpStatusCode.NotFound)
                {
                    return null;
                }
            },
            cancellation);

    /// <summary>The <c>/scale</c> of a workload.</summary>
    public Task<V1Scale> ReadScaleAsync(KubeResource resource, string @namespace, string name, CancellationToken cancellation) =>
        BoundAsync(
            "get", resource, @namespace, $"{name}/scale",
            bound => resource == KubeResource.StatefulSets
                ? client.AppsV1.ReadNamespacedStatefulSetScaleAsync(name, @namespace, cancellationToken: bound)
                : client.AppsV1.ReadNamespacedDeploymentScaleAsync(name, @namespace, cancellationToken: bound),
            cancellation);

    /// <summary>
    /// Sets the replicas if the scale is still of the version that was read; false when somebody was faster, who is not overwritten then.
    /// </summary>
    public Task<bool> PatchScaleAsync(
        KubeResource resource, string @namespace, string name, string version, int replicas, CancellationToken cancellation) =>
        BoundAsync(
            "patch", resource, @namespace, $"{name}/scale",
            async bound =>
            {
                var body = JsonSerializer.Serialize(new { metadata = new { resourceVersion = version }, spec = new { replicas } });
                var patch = new V1Patch(body, V1Patch.PatchType.MergePatch);
                try
                {
                    _ = resource == KubeResource.StatefulSets
                        ? await client.AppsV1.PatchNamespacedStatefulSetScaleAsync(patch, name, @namespace, cancellationToken: bound)
                        : await client.AppsV1.PatchNamespacedDeploymentScaleAsync(patch, name, @namespace, cancellationToken: bound);
                    return true;
                }
                catch (HttpOperationException error) when (error.Response.StatusCode == HttpStatusCode.Conflict)
                {
                    return false;
                }
            },
            cancellation);

    private async Task<T> BoundAsync<T>(
        string verb, KubeResource resource, string? @namespace, string? name, Func<CancellationToken, Task<T>> call, CancellationToken cancellation,
        TimeSpan? longer = null)
    {
        var bounded = longer ?? limit;
        using var timeout = new CancellationTokenSource(bounded, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await call(bound.Token);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && KubernetesErrors.IsFailure(error))
        {
            throw KubernetesErrors.Explain(error, verb, resource, @namespace, name, bounded);
        }
    }
}
