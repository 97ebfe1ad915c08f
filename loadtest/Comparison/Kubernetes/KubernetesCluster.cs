using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;
using Keda.Inference.LoadTest.CommandLine;

namespace Keda.Inference.LoadTest.Comparison.Kubernetes;

/// <param name="Wanted">spec.replicas.</param>
/// <param name="Existing">status.replicas: pods that exist, ready or not.</param>
/// <param name="Ready">status.readyReplicas.</param>
/// <param name="Selector">Labels that its pods carry.</param>
internal sealed record DeploymentState(int Wanted, int Existing, int Ready, string Selector);

/// <summary>The few things a comparison needs of the API server.</summary>
internal sealed class KubernetesCluster(IKubernetes api, TimeProvider time) : IDisposable
{
    private const string Group = "keda.sh", Version = "v1alpha1", Plural = "scaledobjects", FieldManager = "keda-inference-loadtest";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(60);

    public static KubernetesCluster Connect(string? kubeConfig, TimeProvider time)
    {
        try
        {
            var configuration = kubeConfig is null ? KubernetesClientConfiguration.BuildDefaultConfig() : KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeConfig);
            return new KubernetesCluster(new k8s.Kubernetes(configuration), time);
        }
        catch (Exception problem) when (problem is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--kubeconfig: {problem.Message}");
        }
    }

    /// <summary>The ScaledObject as it is now; null when there is none.</summary>
    public Task<JsonObject?> FindAsync(ScaledObjectFile file, CancellationToken cancellation) => CallAsync("read the ScaledObject", () => OrNullAsync(async () =>
        JsonSerializer.SerializeToNode(await api.CustomObjects.GetNamespacedCustomObjectAsync(
            Group, Version, file.Namespace, Plural, file.Name, cancellationToken: cancellation)) as JsonObject));

    /// <summary>Creates it anew, so that nothing of another autoscaler is left in it: no field, no pause, no history of its HPA.</summary>
    public Task CreateAsync(ScaledObjectFile file, JsonObject scaledObject, CancellationToken cancellation) => CallAsync("create the ScaledObject", () =>
        api.CustomObjects.CreateNamespacedCustomObjectAsync(
            scaledObject, Group, Version, file.Namespace, Plural, fieldManager: FieldManager, cancellationToken: cancellation));

    /// <summary>Deletes the ScaledObject and waits until it and its HPA are gone: until then the HPA still scales.</summary>
    public async Task RemoveAsync(ScaledObjectFile file, CancellationToken cancellation)
    {
        var live = await FindAsync(file, cancellation);
        if (live is null)
            return;
        var hpa = (string?)live["spec"]?["advanced"]?["horizontalPodAutoscalerConfig"]?["name"] ?? $"keda-hpa-{file.Name}";
        await CallAsync("delete the ScaledObject", () => OrNullAsync<object>(() =>
            api.CustomObjects.DeleteNamespacedCustomObjectAsync(Group, Version, file.Namespace, Plural, file.Name, cancellationToken: cancellation)));
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(LookAgain, time);
        while (await FindAsync(file, cancellation) is not null || await HasHpaAsync(file.Namespace, hpa, cancellation))
        {
            if (time.GetElapsedTime(started) > RemovalLimit)
                throw new FailureException($"The ScaledObject {file.Name} or its HPA {hpa} is still there {RemovalLimit.TotalSeconds:0} s after its deletion. Does KEDA run? Its finaliser needs it.");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    public Task ScaleAsync(ScaledObjectFile file, int replicas, CancellationToken cancellation) => CallAsync("scale the Deployment", () =>
        api.AppsV1.PatchNamespacedDeploymentScaleAsync(
            new V1Patch(JsonSerializer.Serialize(new { spec = new { replicas } }), V1Patch.PatchType.MergePatch), file.Deployment, file.Namespace,
            fieldManager: FieldManager, cancellationToken: cancellation));

    public Task<DeploymentState> ReadAsync(ScaledObjectFile file, CancellationToken cancellation) => CallAsync("read the Deployment", async () =>
    {
        var deployment = await api.AppsV1.ReadNamespacedDeploymentAsync(file.Deployment, file.Namespace, cancellationToken: cancellation);
        return new DeploymentState(
            deployment.Spec.Replicas ?? 1, deployment.Status?.Replicas ?? 0, deployment.Status?.ReadyReplicas ?? 0,
            string.Join(',', (deployment.Spec.Selector.MatchLabels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}")));
    });

    /// <summary>Cores that the Deployment's pods use together, from the metrics API; null where it is not served or knows none of them yet.</summary>
    public async Task<double?> CpuCoresAsync(ScaledObjectFile file, string selector, CancellationToken cancellation)
    {
        try
        {
            var metrics = await api.CustomObjects.ListNamespacedCustomObjectAsync<PodMetricsList>(
                "metrics.k8s.io", "v1beta1", file.Namespace, "pods", labelSelector: selector, cancellationToken: cancellation);
            var usages = metrics.Items.SelectMany(pod => pod.Containers).Where(container => container.Usage.ContainsKey("cpu")).ToList();
            return usages.Count == 0 ? null : (double)usages.Sum(container => container.Usage["cpu"].ToDecimal());
        }
        catch (HttpOperationException)
        {
            return null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public void Dispose() => api.Dispose();

    private Task<bool> HasHpaAsync(string @namespace, string name, CancellationToken cancellation) => CallAsync("read the HPA", async () =>
        await OrNullAsync(() => api.AutoscalingV2.ReadNamespacedHorizontalPodAutoscalerAsync(name, @namespace, cancellationToken: cancellation)) is not null);

    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> call) where T : class?
    {
        try
        {
            return await call();
        }
        catch (HttpOperationException missing) when (missing.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<T> CallAsync<T>(string what, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (HttpOperationException refused)
        {
            throw new FailureException($"The API server refuses to {what}: {(int)refused.Response.StatusCode} {MessageOf(refused.Response.Content)}", refused);
        }
        catch (HttpRequestException unreachable)
        {
            throw new FailureException($"The API server cannot be reached to {what}: {unreachable.Message}", unreachable);
        }
    }

    /// <summary>The server's own words from its Status object.</summary>
    private static string MessageOf(string? content)
    {
        try
        {
            using var document = JsonDocument.Parse(content ?? "");
            return document.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? "" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
