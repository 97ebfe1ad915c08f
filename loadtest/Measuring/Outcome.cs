namespace Keda.Inference.LoadTest.Measuring;

/// <summary>How a request ended; each request has exactly one.</summary>
internal enum Outcome
{
    /// <summary>Not answered when the run was interrupted; counted nowhere else.</summary>
    Unfinished,

    /// <summary>Answered rightly, within the SLO as the caller sees it.</summary>
    OkWithinSlo,

    /// <summary>Answered rightly, but later than the SLO.</summary>
    Late,

    /// <summary>Refused by backpressure (429).</summary>
    Rejected,

    /// <summary>No answer within the time limit, or 504.</summary>
    Timeout,

    /// <summary>Any other status, or no connection.</summary>
    Error,

    /// <summary>A success status without a readable answer, with another picture's answer, or without the required label.</summary>
    WrongAnswer,
}
