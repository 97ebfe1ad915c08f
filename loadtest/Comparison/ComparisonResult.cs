namespace Keda.Inference.LoadTest.Comparison;

/// <summary>Autoscalers side by side on one load, simulated or measured; the document that <c>--json</c> prints.</summary>
internal sealed record ComparisonResult
{
    /// <summary>The window over which a p99 is taken for the latency table: 15 s, the report's monitoring interval.</summary>
    public const int WindowSeconds = 15;

    /// <summary>One entry for each autoscaler, in the order asked for.</summary>
    public required IReadOnlyList<PolicyResult> Policies { get; init; }

    /// <summary>Whether the processor time that replicas used was read; else a replica stands for a core, as in the report.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool KnowsCpu => Policies.Any(policy => policy.MeanCpuCores is not null);

    /// <summary><c>simulate</c>, <c>local</c> or <c>kubernetes</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The load's name.</summary>
    public required string Workload { get; init; }

    /// <summary>The load's duration.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>The latency target.</summary>
    public required double SloMs { get; init; }

    /// <summary>Seeds, one run each.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Everything else that was set, by option name without the dashes.</summary>
    public required IReadOnlyDictionary<string, object?> Parameters { get; init; }
}
