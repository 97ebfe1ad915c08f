namespace Keda.Inference.LocalCluster;

/// <summary>Something that ends the cluster with one clear line.</summary>
internal sealed class ClusterException(string message, int exitCode = 1) : Exception(message)
{
    /// <summary>What the process exits with.</summary>
    public int ExitCode { get; } = exitCode;
}
