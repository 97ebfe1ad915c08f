namespace Keda.Inference.LoadTest.Workloads;

/// <summary>How requests are spread within the load's rate.</summary>
internal enum ArrivalPattern
{
    /// <summary>At random, as independent users arrive.</summary>
    Poisson,

    /// <summary>Evenly spaced.</summary>
    Uniform,

    /// <summary>All requests of a second at its start.</summary>
    Burst,
}
