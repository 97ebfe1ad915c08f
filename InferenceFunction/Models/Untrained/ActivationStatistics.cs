namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>
/// The mean and the variance that a convolution's input has. A trained network learnt its normalisations' running statistics from its
/// activations; the untrained one is given what its weights and these figures make of them, so that activations neither explode nor
/// vanish and no constant part drowns what differs between pictures.
/// </summary>
/// <param name="Mean">Over pictures, channels and positions.</param>
/// <param name="Variance">The same.</param>
internal readonly record struct ActivationStatistics(double Mean, double Variance)
{
    /// <summary>Pixels after the usual normalisation.</summary>
    public static ActivationStatistics Pixels { get; } = new(0, 1);

    /// <summary>A rectified standard normal variable: mean 1/√(2π), variance ½ - 1/(2π).</summary>
    public static ActivationStatistics Rectified { get; } = new(0.3989, 0.3408);
}
