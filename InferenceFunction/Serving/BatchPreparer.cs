using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>Fills a batch's input. A job with unusable input ends alone. Not for concurrent use.</summary>
internal sealed class BatchPreparer(
    Classifier classifier, PreprocessOptions options, StageEstimates estimates, WorkerMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly PicturePreprocessor _pictures = new(options, classifier.Width, classifier.Height);

    public void Prepare(Batch batch)
    {
        var began = time.GetTimestamp();
        var prepared = new List<JobItem>(batch.Items.Count);
        foreach (var item in batch.Items)
        {
            if (!item.Job.CanStillMakeIt(time, estimates.Preprocess + estimates.Inference))
            {
                item.Ending = new JobEnding.TooLate();
                continue;
            }

            var start = time.GetTimestamp();
            using var span = WorkerTracing.Start("preprocess", item.Activity);
            item.Ending = Fill(item.Job, batch.Buffer.Input(prepared.Count));
            item.Preprocess = time.GetElapsedTime(start);
            metrics.Preprocess.Observe(item.Preprocess.TotalSeconds);
            if (item.Ending is null)
                prepared.Add(item);
        }

        if (prepared.Count > 0)
            estimates.Preprocessed(time.GetElapsedTime(began));
        else if (batch.Items.All(item => item.Ending is JobEnding.TooLate))
            estimates.Doubted();
        batch.Prepared = prepared;
    }

    public void Dispose() => _pictures.Dispose();

    private JobEnding? Fill(ClaimedJob job, Span<float> planes)
    {
        try
        {
            if (job.ContentType.StartsWith("image/", StringComparison.OrdinalIgnoreCase)
                || job.ContentType.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase))
                _pictures.Process(job.Body, planes);
            else if (job.ContentType.Equals(BodyTypes.Tensor, StringComparison.OrdinalIgnoreCase))
                CopyTensor(job.Body.Span, planes);
            else
                throw new UnusableInputException(
                    InputErrors.UnsupportedType, $"The content type is '{job.ContentType}'; this worker takes image/* and {BodyTypes.Tensor}.");
            return null;
        }
        catch (UnusableInputException unusable)
        {
            return new JobEnding.Rejected(new JobError(unusable.Code, unusable.Message));
        }
#pragma warning disable CA1031 // one job must never end the worker
        catch (Exception error)
#pragma warning restore CA1031
        {
            return new JobEnding.Failed(new JobError("preprocess-failed", error.Message));
        }
    }

    private void CopyTensor(ReadOnlySpan<byte> body, Span<float> planes)
    {
        if (body.Length != planes.Length * sizeof(float))
            throw new UnusableInputException(
                InputErrors.BadTensor,
                $"The tensor has {body.Length} bytes; one item of the model has 3 x {classifier.Height} x {classifier.Width} floats, {planes.Length * sizeof(float)} bytes.");
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(body).CopyTo(planes);
        }
        else
        {
            for (var i = 0; i < planes.Length; i++)
                planes[i] = BinaryPrimitives.ReadSingleLittleEndian(body[(i * sizeof(float))..]);
        }

        foreach (var value in planes)
        {
            if (!float.IsFinite(value))
                throw new UnusableInputException(InputErrors.BadTensor, "The tensor holds a value that is not a finite number.");
        }
    }
}
