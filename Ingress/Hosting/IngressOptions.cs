namespace Keda.Inference.Ingress.Hosting;

/// <summary>The HTTP front door. Bound from the configuration section <c>Ingress</c>.</summary>
internal sealed class IngressOptions
{
    public const string Section = "Ingress";

    /// <summary>TCP port; 0 takes a free one. Default 8080.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>The address to listen on; <c>0.0.0.0</c> is any. Default <c>0.0.0.0</c>.</summary>
    public string BindAddress { get; set; } = "0.0.0.0";

    /// <summary>The functions served, by the names of their queues; the first one answers <c>/predict</c>. Default: the one <c>Queue:Name</c>.</summary>
    public List<string> Functions { get; set; } = [];

    /// <summary>The largest body in bytes. Default 10485760 (10 MiB).</summary>
    public long MaxBodyBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Bytes of bodies held at once, all requests together; beyond it 503. Default 268435456 (256 MiB).</summary>
    public long MaxBufferedBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>The slowest a body may come, in bytes per second, after a grace of 5 s. Default 1024.</summary>
    public double MinBodyBytesPerSecond { get; set; } = 1024;

    /// <summary>How long the headers may take, in seconds. Default 10.</summary>
    public double HeadersTimeoutSeconds { get; set; } = 10;

    /// <summary>All headers together, in bytes. Default 16384.</summary>
    public int MaxHeaderBytes { get; set; } = 16 * 1024;

    /// <summary>How many headers. Default 64.</summary>
    public int MaxHeaderCount { get; set; } = 64;

    /// <summary>Connections at once; further ones are closed. Default 10000.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Pages following the live values at once. Default 200.</summary>
    public int MaxLiveStreams { get; set; } = 200;

    /// <summary>The deadline of a request that names none, in seconds. Default 60; the maximum is <c>Queue:MaxTimeoutSeconds</c>.</summary>
    public double DefaultTimeoutSeconds { get; set; } = 60;

    /// <summary>Items in one Open Inference Protocol request; each is a job. Default 32.</summary>
    public int MaxBatchItems { get; set; } = 32;

    /// <summary>How often jobs of dead workers are put back and overdue ones answered, in seconds. Default 2.</summary>
    public double SweepIntervalSeconds { get; set; } = 2;

    /// <summary>At the end: how long <c>/readyz</c> already says no while requests are still accepted, in seconds. Default 0.</summary>
    public double DrainDelaySeconds { get; set; }

    /// <summary>At the end: how long requests in flight may take, in seconds. Default 60.</summary>
    public double DrainTimeoutSeconds { get; set; } = 60;

    /// <summary>Callers that may submit; empty lets everybody in. Default empty.</summary>
    public List<ApiKeyOptions> ApiKeys { get; set; } = [];

    /// <summary>Web origins whose pages may call this API. Default none: CORS is off.</summary>
    public List<string> CorsOrigins { get; set; } = [];

    /// <summary>The addresses told of the ends of jobs.</summary>
    public CallbackOptions Callbacks { get; set; } = new();
}

/// <summary>One caller.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>Shown in logs and used for the rate limit. Required, unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key in hexadecimal: <c>printf %s KEY | sha256sum</c>. Required.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>Requests per second; 0 sets no limit. Default 0.</summary>
    public double RequestsPerSecond { get; set; }

    /// <summary>Requests at once after a pause. Default 0: two seconds' worth, at least 1.</summary>
    public int Burst { get; set; }
}

/// <summary>How callbacks are made.</summary>
internal sealed class CallbackOptions
{
    /// <summary>
    /// The secret of the signature: at least 24 bytes in base64, with or without the prefix <c>whsec_</c>. Default none: requests with a
    /// callback are refused.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Whether loopback, private and link-local addresses may be called. Default false.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>How long one try may take, in seconds. Default 10.</summary>
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>Tries before an end is given up. Default 8.</summary>
    public int MaxTries { get; set; } = 8;

    /// <summary>The pause after the first failed try, in seconds; it doubles with each further one, up to an hour. Default 5.</summary>
    public double FirstPauseSeconds { get; set; } = 5;

    /// <summary>How often due callbacks are looked for, in seconds. Default 1.</summary>
    public double PollSeconds { get; set; } = 1;
}
