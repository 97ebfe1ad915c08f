using Google.Protobuf;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Onnx;
using Keda.Inference.InferenceFunction.Quantization.Evaluation;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Keda.Inference.InferenceFunction.Quantization;

/// <summary>Quantises, compares with fp32 on other pictures, and writes the file if they agree.</summary>
internal sealed class QuantizationJob(QuantizeRequest request)
{
    private const int SpeedRounds = 20;

    /// <summary>Told what is done and how far it is, from 0 to 1.</summary>
    public delegate void Progress(string stage, double share);

    /// <exception cref="ModelException">It cannot be done; one line for the user.</exception>
    public QuantizationReport Run(Progress progress, CancellationToken cancellationToken)
    {
        if (Path.GetFullPath(request.Model) == Path.GetFullPath(request.Output))
            throw new ModelException($"--output is {request.Output}, the model itself: give another file.");
        if (request.Preprocess.Problems().FirstOrDefault() is { } problem)
            throw new ModelException(problem);
        var info = ModelInspector.Inspect(request.Model);
        var (calibration, heldOut) = Pictures();

        var model = new ModelQuantizer(request.Settings).Run(info, calibration.Read(info, Counting("calibrate", calibration, progress)), cancellationToken);
        var bytes = model.Model.ToByteArray();
        var (scores, speed) = Compare(info, bytes, heldOut, progress, cancellationToken);

        var agrees = scores.Top1Agreement >= request.MinAgreement;
        if (agrees || request.Force)
            ModelCache.WriteAtomically(request.Output, stream => stream.Write(bytes));
        return new QuantizationReport
        {
            Request = request,
            Info = info,
            Quantized = model,
            QuantizedBytes = bytes.Length,
            CalibrationPictures = calibration.Used,
            Scores = scores,
            Speed = speed,
            Skipped = [.. calibration.Skipped, .. heldOut.Skipped],
            Agrees = agrees,
        };
    }

    private (PictureFolder Calibration, PictureFolder HeldOut) Pictures()
    {
        var all = PictureFolder.Open(request.Calibrate, request.MaxPictures, request.Preprocess);
        return request.Evaluate is { } other
            ? (all, PictureFolder.Open(other, request.MaxPictures, request.Preprocess))
            : all.Split(request.Calibrate);
    }

    private (ScoreComparison Scores, SpeedComparison Speed) Compare(
        ModelInfo info, byte[] quantized, PictureFolder pictures, Progress progress, CancellationToken cancellationToken)
    {
        using var options = new SessionOptions
        {
            // One thread: what a replica with one core has.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var reference = new Network(OnnxRuntimeSessions.Open(info.Path, options), info);
        using var other = new Network(OnnxRuntimeSessions.Open(request.Output, quantized, options), info);
        var scores = new ScoreComparison();
        float[] last = [];
        foreach (var picture in pictures.Read(info, Counting("compare", pictures, progress)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores.Add(reference.Scores(picture), other.Scores(picture));
            last = picture;
        }

        progress("time", 0);
        var speed = SpeedComparison.Measure(reference, other, last, SpeedRounds, cancellationToken);
        progress("time", 1);
        return (scores, speed);
    }

    private static Action<string> Counting(string stage, PictureFolder pictures, Progress progress)
    {
        var done = 0;
        return _ => progress(stage, (double)++done / pictures.Files.Count);
    }
}
