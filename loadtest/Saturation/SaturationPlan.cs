namespace Keda.Inference.LoadTest.Saturation;

/// <summary>What <c>saturate</c> measures.</summary>
internal sealed record SaturationPlan
{
    /// <summary>Rates of the table's columns, requests per second.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>The table's rows in seconds, ascending.</summary>
    public required IReadOnlyList<double> Durations { get; init; }

    /// <summary>Share that must be within the SLO for a rate to be carried. Default 0.99.</summary>
    public double Goal { get; init; } = 0.99;

    /// <summary>Length of one probe of the search. Default 30 s.</summary>
    public TimeSpan Probe { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The search ends when the answer is known to this many requests per second. Default 0.5.</summary>
    public double Precision { get; init; } = 0.5;

    /// <summary>First rate the search tries. Default 4.</summary>
    public double StartRate { get; init; } = 4;

    /// <summary>The search goes no higher. Default 1000.</summary>
    public double MaximumRate { get; init; } = 1000;
}
