using Keda.Inference.LoadTest.Pictures;

namespace Keda.Inference.LoadTest.Sending;

/// <summary>Which labels an answer must carry to count as right, where the picture's own is known.</summary>
internal enum RequiredLabel
{
    /// <summary>None: accuracy is reported, but a classifier's mistake is no failed request.</summary>
    None,

    /// <summary>The best prediction is the picture's label.</summary>
    Top1,

    /// <summary>The picture's label is among the best five.</summary>
    Top5,
}

/// <summary>Everything that is decided before the first request is sent.</summary>
internal sealed record RunPlan
{
    /// <summary>Where requests are posted.</summary>
    public required Uri Target { get; init; }

    /// <summary>Intended send times in seconds, ascending.</summary>
    public required double[] Times { get; init; }

    public required IReadOnlyList<Picture> Pictures { get; init; }

    /// <summary>Draws which picture each request carries.</summary>
    public required int Seed { get; init; }

    /// <summary>The latency the caller accepts. Default 500 ms, the report's target.</summary>
    public TimeSpan Slo { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a request may take before it counts as a timeout. Default 60 s, as the report's client.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Default multipart, as the report's client.</summary>
    public BodyForm Form { get; init; } = BodyForm.Multipart;

    /// <summary>Default none.</summary>
    public RequiredLabel RequiredLabel { get; init; } = RequiredLabel.None;

    /// <summary>Requests sent one after the other before the run, uncounted: connections, JIT, caches. Default 3.</summary>
    public int WarmUpRequests { get; init; } = 3;

    /// <summary>Extra request headers, such as an API key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}
