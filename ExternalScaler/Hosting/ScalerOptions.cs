namespace Keda.Inference.ExternalScaler.Hosting;

/// <summary>How the scaler serves. Bound from the configuration section <c>Scaler</c>.</summary>
internal sealed class ScalerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Scaler";

    /// <summary>The port of KEDA's contract, health and reflection: HTTP/2 only. 0 takes a free one. Default 6000.</summary>
    public int GrpcPort { get; set; } = 6000;

    /// <summary>The port of probes, metrics and inspection, HTTP/1. 0 takes a free one. Default 8080.</summary>
    public int HttpPort { get; set; } = 8080;

    /// <summary>The address both listen on. Default <c>0.0.0.0</c>, which is any, IPv6 included.</summary>
    public string BindAddress { get; set; } = "0.0.0.0";

    /// <summary>Where replicas and bounds are read from. Default <see cref="ClusterViewKind.Auto"/>.</summary>
    public ClusterViewKind ClusterView { get; set; } = ClusterViewKind.Auto;

    /// <summary>How often an open StreamIsActive says how things stand although nothing changed, in seconds. Default 10.</summary>
    public double HeartbeatSeconds { get; set; } = 10;

    /// <summary>How long Redis or the Kubernetes API may take for one call, in milliseconds. Default 1000.</summary>
    public int DependencyTimeoutMs { get; set; } = 1000;

    /// <summary>Transport security of the gRPC port.</summary>
    public ScalerTlsOptions Tls { get; set; } = new();

    /// <summary>How the Kubernetes API is watched.</summary>
    public KubernetesOptions Kubernetes { get; set; } = new();
}

/// <summary>Where replicas and bounds are read from.</summary>
internal enum ClusterViewKind
{
    /// <summary>Kubernetes inside a cluster, local elsewhere.</summary>
    Auto,

    /// <summary>The Kubernetes API.</summary>
    Kubernetes,

    /// <summary>The cluster stand-in's record and the worker registry, both in Redis.</summary>
    Local,
}

/// <summary>Transport security of the gRPC port, from mounted PEM files, read again when they change.</summary>
internal sealed class ScalerTlsOptions
{
    /// <summary>The server's certificate, its chain behind it. Default none: cleartext HTTP/2.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The certificate's private key.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The authorities of client certificates; naming it makes a client certificate compulsory. Default none.</summary>
    public string? ClientCaPath { get; set; }
}

/// <summary>How the Kubernetes API is watched.</summary>
internal sealed class KubernetesOptions
{
    /// <summary>A kubeconfig file for use outside a cluster. Default none: the pod's service account.</summary>
    public string? KubeConfigPath { get; set; }

    /// <summary>
    /// Whether one watch covers the cluster, which needs a ClusterRole; otherwise a watch is opened for each namespace asked for.
    /// Default false.
    /// </summary>
    public bool WatchAllNamespaces { get; set; }

    /// <summary>How long a watch lasts before everything is listed afresh, in seconds. Default 300.</summary>
    public double ResyncSeconds { get; set; } = 300;
}
