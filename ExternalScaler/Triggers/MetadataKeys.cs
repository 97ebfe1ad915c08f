namespace Keda.Inference.ExternalScaler.Triggers;

/// <summary>The keys a trigger's metadata may have.</summary>
internal static class MetadataKeys
{
    public const string Queue = "queue";
    public const string Policy = "policy";
    public const string TargetQueueLength = "targetQueueLength";
    public const string CooldownSeconds = "cooldownSeconds";
    public const string PollSeconds = "pollSeconds";
    public const string RequireReady = "requireReady";
    public const string TargetLatencyMs = "targetLatencyMs";
    public const string StartupSeconds = "startupSeconds";
    public const string FastLane = "fastLane";
    public const string Deployment = "deployment";
    public const string MinReplicas = "minReplicas";
    public const string MaxReplicas = "maxReplicas";
    public const string ActivationQueueLength = "activationQueueLength";
    public const string Upstream = "upstream";

    /// <summary>The scaler's own, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<string> Own =
    [
        Queue, Policy, TargetQueueLength, CooldownSeconds, PollSeconds, RequireReady, TargetLatencyMs, StartupSeconds, FastLane, Deployment,
        MinReplicas, MaxReplicas, ActivationQueueLength, Upstream,
    ];

    /// <summary>KEDA's: it uses them to reach the scaler and passes them on with the rest.</summary>
    public static readonly IReadOnlyList<string> OfKeda =
        ["scalerAddress", "enableTLS", "unsafeSsl", "caCert", "tlsClientCert", "tlsClientKey", "tlsCertFile"];
}
