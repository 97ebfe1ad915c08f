namespace Keda.Inference.LoadTest.Saturation;

/// <summary>The JSON document of <c>saturate</c>.</summary>
internal sealed record SaturationResult
{
    public required string Target { get; init; }

    public required double SloMs { get; init; }

    /// <summary>Share that must be within the SLO.</summary>
    public required double Goal { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<SaturationColumn> Table { get; init; }

    /// <summary>Null when no search was asked for.</summary>
    public required RateSearchResult? Search { get; init; }

    /// <summary>The weights answers named.</summary>
    public required string? Weights { get; init; }

    /// <summary>Whether the generator kept its times in every run.</summary>
    public required bool Valid { get; init; }
}
