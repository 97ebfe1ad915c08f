namespace Keda.Inference.LoadTest.Measuring;

/// <summary>What happened to one request. Times are seconds from the run's start.</summary>
internal struct RequestRecord
{
    /// <summary>When the schedule wanted it sent.</summary>
    public double Intended;

    /// <summary>When the generator handed it to the network.</summary>
    public double Sent;

    /// <summary>When its whole answer was there, or its failure known.</summary>
    public double Completed;

    /// <summary>Which picture it carried.</summary>
    public int Picture;

    /// <summary>HTTP status; 0 without one.</summary>
    public int Status;

    public Outcome Outcome;

    /// <summary>Total milliseconds the service itself reports; NaN where it reports none.</summary>
    public double ServerMs;

    /// <summary>Of that, the milliseconds it waited in the queue; NaN where it reports none.</summary>
    public double QueueMs;

    /// <summary>Of that, the milliseconds a worker was busy with it; NaN where it reports none.</summary>
    public double ServiceMs;

    /// <summary>Whether the label was the best prediction; null without a label or an answer.</summary>
    public bool? Top1;

    /// <summary>Whether the label was among the best five.</summary>
    public bool? Top5;

    /// <summary>Why it failed, in the words of the first failure of its kind.</summary>
    public string? Problem;

    /// <summary>What a caller waits who wanted the answer at the intended time: a slow generator or server cannot hide in it.</summary>
    public readonly double LatencySeconds => Completed - Intended;

    /// <summary>From the moment it was really sent.</summary>
    public readonly double SentLatencySeconds => Completed - Sent;

    public readonly double LagSeconds => Sent - Intended;

    public readonly bool Ok => Outcome is Outcome.OkWithinSlo or Outcome.Late;
}
