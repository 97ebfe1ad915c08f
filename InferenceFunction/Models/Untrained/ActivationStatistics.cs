namespace Keda.Inference.InferenceFunction.Models.Untrained;

/// <summary>What a convolution's input is like, over pictures, channels and positions.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Variance">
/// The variance that independent values would need to give the convolution's output the variance it has: neighbouring values are alike,
/// which adds to it.
/// </param>
internal readonly record struct ActivationStatistics(double Mean, double Variance)
{
    /// <summary>Mean 0, variance 1.</summary>
    public static ActivationStatistics Standard { get; } = new(0, 1);
}
