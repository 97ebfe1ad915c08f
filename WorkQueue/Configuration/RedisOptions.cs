namespace Keda.Inference.WorkQueue;

/// <summary>How to reach Redis. Bound from the configuration section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Redis";

    /// <summary>
    /// A StackExchange.Redis connection string: <c>host:port</c>, several hosts for Sentinel (with
    /// <c>serviceName=</c>) or Cluster, <c>user=</c>, <c>password=</c>, <c>ssl=true</c>. Default <c>127.0.0.1:6379</c>.
    /// </summary>
    public string ConnectionString { get; set; } = "127.0.0.1:6379";

    /// <summary>
    /// Password, when it shall not stand in the connection string (a mounted secret, an environment variable).
    /// Default none.
    /// </summary>
    public string? Password { get; set; }

    /// <summary>
    /// PEM file with the certificates of the authorities, one or several, that may have signed the server's certificate; no other is trusted
    /// then, and revocation is not looked up. Needs <c>ssl=true</c> in the connection string. Default none: the machine's authorities.
    /// </summary>
    public string? CaCertificateFile { get; set; }

    /// <summary>PEM file with the certificate to show to a server that asks for one; with <see cref="ClientKeyFile"/>. Default none.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>PEM file with the private key of <see cref="ClientCertificateFile"/>. Default none.</summary>
    public string? ClientKeyFile { get; set; }

    /// <summary>How long one command may take before the queue counts as unavailable, in milliseconds. Default 900.</summary>
    public int TimeoutMs { get; set; } = 900;
}
