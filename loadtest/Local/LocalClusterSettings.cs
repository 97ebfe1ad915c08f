using System.Globalization;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.LoadTest.Local;

/// <summary>How LocalCluster is started for a measurement.</summary>
internal sealed record LocalClusterSettings
{
    /// <summary>The autoscaler. Default none.</summary>
    public string Policy { get; init; } = "none";

    /// <summary>Default 1.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Default 1.</summary>
    public int Max { get; init; } = 1;

    /// <summary>The HPA's sync period. Default 15 s.</summary>
    public TimeSpan SyncPeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>KEDA's polling interval. Default 15 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>CPU quota of each worker in cores; null for none.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>A real Redis as HOST:PORT; null starts the embedded store.</summary>
    public string? Redis { get; init; }

    /// <summary>Trigger metadata, KEY=VALUE.</summary>
    public IReadOnlyList<string> Metadata { get; init; } = [];

    /// <summary>The queue's order of service; null leaves it to the queue.</summary>
    public ServiceOrder? Order { get; init; }

    /// <summary>The queue's own latency target, which its adaptive LIFO goes by; null leaves it to the queue.</summary>
    public TimeSpan? QueueTarget { get; init; }

    /// <summary>The assembly of another worker; null for the product's.</summary>
    public string? Worker { get; init; }

    /// <summary>The program that the workers' processes run.</summary>
    public string WorkerName => Worker is null ? WorkerProcesses.ProductWorker : Path.GetFileNameWithoutExtension(Worker);

    /// <summary>Settings that every service reads from the environment, beside those below.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the services inherit through LocalCluster.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToEnvironment()
    {
        if (Order is { } order)
            yield return new("Queue__Order", order.ToString());
        if (QueueTarget is { } target)
            yield return new("Queue__TargetLatencyMs", Text(Math.Round(target.TotalMilliseconds)));
        foreach (var setting in Environment)
            yield return setting;
    }

    /// <summary>LocalCluster's own arguments.</summary>
    public IEnumerable<string> ToArguments(int port, int scalerPort, int scalerHttpPort)
    {
        yield return "--port";
        yield return Text(port);
        yield return "--scaler-port";
        yield return Text(scalerPort);
        yield return "--scaler-http-port";
        yield return Text(scalerHttpPort);
        yield return "--policy";
        yield return Policy;
        yield return "--min";
        yield return Text(Min);
        yield return "--max";
        yield return Text(Max);
        yield return "--sync-period";
        yield return Text(SyncPeriod.TotalSeconds);
        yield return "--poll";
        yield return Text(Poll.TotalSeconds);
        if (CpuLimit is { } cores)
        {
            yield return "--cpu-limit";
            yield return Text(cores);
        }

        if (Worker is not null)
        {
            yield return "--worker";
            yield return Worker;
        }

        if (Redis is not null)
        {
            yield return "--redis";
            yield return Redis;
        }

        foreach (var pair in Metadata)
        {
            yield return "--set";
            yield return pair;
        }
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
