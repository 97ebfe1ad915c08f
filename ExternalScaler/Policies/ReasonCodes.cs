namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>The short causes of a decision: few, fixed, fit for a metric's label.</summary>
internal static class ReasonCodes
{
    /// <summary>More replicas than there are.</summary>
    public const string ScaleUp = "scale_up";

    /// <summary>Fewer replicas than there are.</summary>
    public const string ScaleDown = "scale_down";

    /// <summary>As many as there are.</summary>
    public const string Steady = "steady";

    /// <summary>From none to some, because work waits.</summary>
    public const string Activate = "activate";

    /// <summary>Held by the cooldown after a change.</summary>
    public const string Cooldown = "cooldown";

    /// <summary>Held because not every replica is ready.</summary>
    public const string NotReady = "not_ready";

    /// <summary>Held until the next evaluation is due.</summary>
    public const string BetweenPolls = "between_polls";

    /// <summary>Scale-in held because the demand of a moment ago still counts.</summary>
    public const string HoldScaleIn = "hold_scale_in";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
        [ScaleUp, ScaleDown, Steady, Activate, Cooldown, NotReady, BetweenPolls, HoldScaleIn];

    /// <summary>The plain cause of going from <paramref name="current"/> to <paramref name="desired"/>.</summary>
    public static string OfChange(int current, int desired) =>
        desired == current ? Steady : desired < current ? ScaleDown : current == 0 ? Activate : ScaleUp;
}
