using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Quantization.Calibration;
using Keda.Inference.InferenceFunction.Quantization.Evaluation;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>What a quantisation did and how good its result is.</summary>
internal sealed record QuantizationReport
{
    public required QuantizeRequest Request { get; init; }

    public required ModelInfo Info { get; init; }

    public required QuantizedModel Quantized { get; init; }

    public required long QuantizedBytes { get; init; }

    public required int CalibrationPictures { get; init; }

    public required ScoreComparison Scores { get; init; }

    public required SpeedComparison Speed { get; init; }

    /// <summary>Pictures that could not be used, with the reason.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>Whether the top-1 agreement is at least the one asked for.</summary>
    public required bool Agrees { get; init; }

    public IEnumerable<string> Lines()
    {
        var settings = Request.Settings;
        var method = settings.Method == CalibrationMethod.Percentile ? $"percentile {settings.Percentile}" : "minmax";
        yield return $"model       {Info.Path}: {Info.Name}, weights {Info.Weights}, fp32, {Megabytes(Info.FileBytes)}";
        yield return $"calibrated  {CalibrationPictures} pictures, {method}, {settings.WeightBits}-bit weights";
        yield return $"int8        {Quantized.Weighted} layers with weights and {Quantized.Others} other operators; {Quantized.FoldedNormalizations} batch normalisations folded";
        yield return $"kept fp32   {Listed(Quantized.KeptInFp32)}";
        if (Quantized.UnknownToLift.Count > 0)
            yield return $"not known   {string.Join(", ", Quantized.UnknownToLift)}: taken over into opset {Preparation.OpsetLift.Opset} as they were; the agreement below covers them";
        foreach (var skipped in Skipped)
            yield return $"skipped     {skipped}";
        yield return $"compared    on {Scores.Pictures} pictures that were not calibrated with:";
        yield return $"  agreement with fp32   top-1 {Scores.Top1Agreement:P1}, top-5 {Scores.Top5Agreement:P1}";
        yield return $"  signal to noise       {(Scores.SignalToNoise is { } snr ? $"{snr:F1} dB" : "unknown (it needs two pictures whose scores differ)")}";
        yield return $"  size                  {Megabytes(Info.FileBytes)} -> {Megabytes(QuantizedBytes)} ({(double)QuantizedBytes / Info.FileBytes:P0})";
        yield return $"  speed, one thread     {Speed.ReferenceMs:F1} ms -> {Speed.OtherMs:F1} ms a picture ({Speed.SpeedUp:F2} times as fast)";
    }

    private static string Listed(IReadOnlyDictionary<string, int> operators) =>
        operators.Count == 0 ? "nothing" : string.Join(", ", operators.Select(pair => $"{pair.Key} x {pair.Value}"));

    private static string Megabytes(long bytes) => $"{bytes / 1e6:F1} MB";
}
