namespace Keda.Inference.LocalCluster.Hpa;

/// <summary><c>spec.behavior</c> with the API server's defaults filled in.</summary>
internal sealed record HpaBehavior
{
    /// <summary>Rules upwards. Default: no window, the larger of 100% and 4 pods in 15 s.</summary>
    public HpaScalingRules ScaleUp { get; init; } = new()
    {
        StabilizationWindow = TimeSpan.Zero,
        Policies = [HpaScalingPolicy.Pods(4, 15), HpaScalingPolicy.Percent(100, 15)],
    };

    /// <summary>Rules downwards. Default: the controller's window (300 s), 100% in 15 s.</summary>
    public HpaScalingRules ScaleDown { get; init; } = new() { Policies = [HpaScalingPolicy.Percent(100, 15)] };

    /// <summary>The report's table 4.2: up by 100% or 4 pods in 15 s at once, down by 10% in 60 s, stabilised over 300 s.</summary>
    public static HpaBehavior Report { get; } = new()
    {
        ScaleDown = new() { StabilizationWindow = TimeSpan.FromSeconds(300), Policies = [HpaScalingPolicy.Percent(10, 60)] },
    };

    /// <summary>For a scaler that decides by itself: no window, no rate limit, no tolerance, so that N asked for is N given.</summary>
    public static HpaBehavior Exact { get; } = new()
    {
        ScaleUp = new() { StabilizationWindow = TimeSpan.Zero, Tolerance = 0, Policies = [HpaScalingPolicy.Pods(int.MaxValue / 2, 15)] },
        ScaleDown = new() { StabilizationWindow = TimeSpan.Zero, Tolerance = 0, Policies = [HpaScalingPolicy.Percent(100, 15)] },
    };

    /// <summary>As <see cref="Exact"/>, but the highest count of the last 60 s is kept: for a policy without a cooldown of its own.</summary>
    public static HpaBehavior ExactHeld { get; } = Exact with
    {
        ScaleDown = Exact.ScaleDown with { StabilizationWindow = TimeSpan.FromSeconds(60) },
    };

    /// <summary>What the ScaledObject of that policy ships (<c>keda/POLICY.yaml</c>).</summary>
    /// <param name="policy">A policy of the scaler, or <c>cpu-PERCENT</c>.</param>
    public static HpaBehavior Of(string policy) => policy switch
    {
        "queue-depth" => ExactHeld,
        _ when policy.StartsWith("cpu-", StringComparison.Ordinal) => Report,
        _ => Exact,
    };
}

/// <summary>Rules of one direction.</summary>
internal sealed record HpaScalingRules
{
    /// <summary><c>stabilizationWindowSeconds</c>; null takes 0 upwards and the controller's flag downwards.</summary>
    public TimeSpan? StabilizationWindow { get; init; }

    /// <summary><c>selectPolicy</c>. Default Max.</summary>
    public HpaSelectPolicy SelectPolicy { get; init; } = HpaSelectPolicy.Max;

    /// <summary><c>policies</c>.</summary>
    public required IReadOnlyList<HpaScalingPolicy> Policies { get; init; }

    /// <summary><c>tolerance</c> of this direction; null takes the controller's flag.</summary>
    public double? Tolerance { get; init; }
}

/// <summary>Which policy of several counts.</summary>
internal enum HpaSelectPolicy
{
    /// <summary>The one that allows the largest change.</summary>
    Max,

    /// <summary>The one that allows the smallest change.</summary>
    Min,

    /// <summary>No scaling in this direction.</summary>
    Disabled,
}

/// <summary>How a policy's value is meant.</summary>
internal enum HpaPolicyType
{
    /// <summary>A number of pods.</summary>
    Pods,

    /// <summary>Per cent of the replicas at the start of the period.</summary>
    Percent,
}

/// <summary>At most so much change within so long.</summary>
/// <param name="Type">How <paramref name="Value"/> is meant.</param>
/// <param name="Value">How much.</param>
/// <param name="Period">Within how long.</param>
internal sealed record HpaScalingPolicy(HpaPolicyType Type, int Value, TimeSpan Period)
{
    /// <summary>A number of pods.</summary>
    public static HpaScalingPolicy Pods(int value, int periodSeconds) => new(HpaPolicyType.Pods, value, TimeSpan.FromSeconds(periodSeconds));

    /// <summary>A percentage.</summary>
    public static HpaScalingPolicy Percent(int value, int periodSeconds) => new(HpaPolicyType.Percent, value, TimeSpan.FromSeconds(periodSeconds));
}
