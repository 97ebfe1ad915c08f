namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>
/// What the inputs of the untrained network's convolutions are like, in the order of the graph. A trained network's normalisations learnt
/// their running statistics from such activations; the untrained one's follow from its weights and these figures, so that activations
/// neither explode nor vanish and no constant part drowns what differs between pictures.
/// </summary>
internal static class ConvolutionInputs
{
    /// <summary>Measured on this very network over photographs, layer by layer, and rounded.</summary>
    public static IReadOnlyList<ActivationStatistics> Measured { get; } =
    [
        new(0.15, 1.32), new(0.51, 0.47), new(0.41, 0.40), new(0.56, 0.51), new(0.39, 0.37),
        new(0.59, 0.53), new(0.38, 0.35), new(0.59, 0.57), new(0.37, 0.34), new(0.35, 0.32),
        new(0.43, 0.35), new(0.38, 0.34), new(0.43, 0.35), new(0.41, 0.39), new(0.40, 0.38),
        new(0.47, 0.40), new(0.38, 0.33), new(0.47, 0.41), new(0.38, 0.34), new(0.38, 0.31),
    ];
}
