using System.Globalization;

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
