namespace Keda.Inference.ExternalScaler.Policies;

/// <summary>Makes policies.</summary>
internal static class PolicyFactory
{
    /// <summary>The names a trigger may give.</summary>
    public static readonly IReadOnlyList<string> Names = [QueueProportionalOptions.Policy, QueueDepthOptions.Policy, SloOptions.Policy];

    /// <summary>A policy's options with their defaults, or null for an unknown name.</summary>
    public static PolicyOptions? DefaultOptions(string name) => name switch
    {
        QueueProportionalOptions.Policy => new QueueProportionalOptions(),
        QueueDepthOptions.Policy => new QueueDepthOptions(),
        SloOptions.Policy => new SloOptions(),
        _ => null,
    };

    /// <summary>The policy that belongs to the options.</summary>
    /// <exception cref="ArgumentException">Lists everything that is wrong with them.</exception>
    public static IScalingPolicy Create(PolicyOptions options)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new ArgumentException($"{options.PolicyName}: {string.Join(' ', errors)}", nameof(options));
        return options switch
        {
            QueueProportionalOptions proportional => new QueueProportionalPolicy(proportional),
            QueueDepthOptions depth => new QueueDepthPolicy(depth),
            SloOptions slo => new SloPolicy(slo),
            _ => throw new ArgumentException($"No policy takes {options.GetType().Name}.", nameof(options)),
        };
    }
}
