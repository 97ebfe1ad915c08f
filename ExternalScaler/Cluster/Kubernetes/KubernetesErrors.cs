using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;

namespace Keda.Inference.ExternalScaler.Cluster.Kubernetes;

/// <summary>Says in one sentence what the API server refused and what would help.</summary>
internal static class KubernetesErrors
{
    /// <summary>Whether it is the API server's, or the way to it, that failed.</summary>
    public static bool IsFailure(Exception error) =>
        error is HttpOperationException or HttpRequestException or KubernetesException or OperationCanceledException or IOException
            or JsonException or TimeoutException;

    public static ClusterUnavailableException Explain(
        Exception error, string verb, KubeResource resource, string? @namespace, string? name, TimeSpan limit)
    {
        var what = $"{verb} {resource.FullName}{(name is null ? "" : $" {name}")}{(@namespace is null ? "" : $" in namespace {@namespace}")}";
        var subresource = name?.EndsWith("/scale", StringComparison.Ordinal) == true ? "/scale" : "";
        return new ClusterUnavailableException(error switch
        {
            HttpOperationException { Response.StatusCode: HttpStatusCode.Forbidden } =>
                $"The Kubernetes API forbids to {what}: grant the scaler's service account '{verb}' on {resource.Plural}{subresource}"
                    + $" (API group {resource.Group}).",
            HttpOperationException { Response.StatusCode: HttpStatusCode.Unauthorized } =>
                $"The Kubernetes API does not accept the scaler's credentials to {what}.",
            HttpOperationException { Response.StatusCode: HttpStatusCode.NotFound } when name is null =>
                $"The Kubernetes API does not know {resource.FullName}{(resource == KubeResource.ScaledObjects ? "; is KEDA installed?" : ".")}",
            HttpOperationException { Response.StatusCode: HttpStatusCode.NotFound } =>
                $"{resource.Kind} {@namespace}/{name} does not exist.",
            HttpOperationException http => $"The Kubernetes API answered {(int)http.Response.StatusCode} to {what}.",
            OperationCanceledException or TimeoutException =>
                $"The Kubernetes API did not answer within {limit.TotalMilliseconds:0} ms to {what}.",
            _ => $"The Kubernetes API cannot be reached to {what}: {error.GetBaseException().Message}",
        }, error);
    }

    /// <summary>The version asked for is too old; everything must be listed afresh.</summary>
    public static bool IsGone(Exception error) =>
        error is KubernetesException { Status.Code: (int)HttpStatusCode.Gone }
            or HttpOperationException { Response.StatusCode: HttpStatusCode.Gone }
            or ClusterUnavailableException { InnerException: HttpOperationException { Response.StatusCode: HttpStatusCode.Gone } };
}
