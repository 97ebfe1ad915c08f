using k8s;
using k8s.Exceptions;
using Keda.Inference.ExternalScaler.Hosting;
using Microsoft.Extensions.Options;

namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>Adds the Kubernetes view.</summary>
internal static class KubernetesRegistration
{
    /// <exception cref="OptionsValidationException">There is neither a cluster around nor a usable kubeconfig.</exception>
    public static void AddKubernetesView(this IServiceCollection services, ScalerOptions options)
    {
        var configuration = Configuration(options);
        // Every call has a limit of its own, and a watch is meant to stay open.
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        services.AddSingleton<IKubernetes>(_ => new k8s.Kubernetes(configuration));
        services.AddSingleton(provider => new KubernetesApi(
            provider.GetRequiredService<IKubernetes>(), TimeSpan.FromMilliseconds(options.DependencyTimeoutMs),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IClusterView, KubernetesClusterView>();
    }

    private static KubernetesClientConfiguration Configuration(ScalerOptions options)
    {
        try
        {
            return options.Kubernetes.KubeConfigPath is { Length: > 0 } path
                ? KubernetesClientConfiguration.BuildConfigFromConfigFile(path)
                : KubernetesClientConfiguration.InClusterConfig();
        }
        catch (Exception error) when (error is KubeConfigException or IOException or YamlDotNet.Core.YamlException)
        {
            throw new OptionsValidationException(
                ScalerOptions.Section, typeof(ScalerOptions),
                [
                    options.Kubernetes.KubeConfigPath is { Length: > 0 } path
                        ? $"Scaler:Kubernetes:KubeConfigPath is '{path}', which is no usable kubeconfig: {error.Message}"
                        : "Scaler:ClusterView is kubernetes, but this is no pod of a cluster: set Scaler:Kubernetes:KubeConfigPath, "
                            + "or Scaler:ClusterView to local.",
                ]);
        }
    }
}
