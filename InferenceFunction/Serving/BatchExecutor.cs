using System.Diagnostics;
using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.InferenceFunction.Serving;

/// <summary>Computes a prepared batch and turns scores into answers.</summary>
internal sealed class BatchExecutor(Classifier classifier, StageEstimates estimates, WorkerMetrics metrics, TimeProvider time)
{
    private readonly ModelIdentity _identity =
        new(classifier.Model.Name, classifier.Model.Weights, classifier.Model.Precision.ToWord());

    public void Execute(Batch batch)
    {
        var items = batch.Prepared ?? throw new InvalidOperationException("The batch was not prepared.");
        if (items.Count == 0)
            return;
        var start = time.GetTimestamp();
        var spans = items.ConvertAll(item => WorkerTracing.Start("inference", item.Activity));
        try
        {
            batch.Buffer.Run(items.Count);
            if (!classifier.Model.OutputsProbabilities)
            {
                for (var i = 0; i < items.Count; i++)
                    Scores.Softmax(batch.Buffer.Output(i));
            }

            var took = time.GetElapsedTime(start);
            estimates.Inferred(took);
            metrics.Inference.Observe(took.TotalSeconds);
            metrics.BatchSize.Observe(items.Count);
            for (var i = 0; i < items.Count; i++)
            {
                items[i].InferenceShare = took / items.Count;
                items[i].Ending = Answer(items[i], batch.Buffer.Output(i), took);
            }
        }
#pragma warning disable CA1031 // one batch must never end the worker
        catch (Exception error)
#pragma warning restore CA1031
        {
            foreach (var item in items)
                item.Ending ??= new JobEnding.Failed(new JobError("inference-failed", error.Message));
        }
        finally
        {
            spans.ForEach(span => span?.Dispose());
        }
    }

    private JobEnding Answer(JobItem item, ReadOnlySpan<float> probabilities, TimeSpan inference)
    {
        foreach (var probability in probabilities)
        {
            if (!float.IsFinite(probability))
                return new JobEnding.Failed(new JobError("inference-failed", "The model's scores are not finite numbers."));
        }

        var result = new InferenceResult(
            _identity,
            Scores.Best(probabilities, 5, index => classifier.Labels[index]),
            new StageTimings(Milliseconds(item.Job.QueueWait), Milliseconds(item.Preprocess), Milliseconds(inference)),
            item.Job.WantScores ? probabilities.ToArray() : null);
        return new JobEnding.Answered(result.ToPayload());
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
