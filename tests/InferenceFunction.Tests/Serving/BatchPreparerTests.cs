using Keda.Inference.InferenceFunction.Models;
using Keda.Inference.InferenceFunction.Observability;
using Keda.Inference.InferenceFunction.Preprocessing;
using Keda.Inference.InferenceFunction.Serving;
using Keda.Inference.InferenceFunction.Sessions;
using Keda.Inference.LocalCluster;
using Keda.Inference.WorkQueue;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Keda.Inference.InferenceFunction.Tests.Serving;

public sealed class BatchPreparerTests
{
    [Theory]
    [InlineData(900, false)]
    [InlineData(1100, true)]
    public void Prepare_DeadlineAgainstTheUsualInference_DropsWhatCannotMakeIt(int remainingMs, bool prepared)
    {
        using var model = new TinyModel();
        var time = new FakeTimeProvider();
        using var classifier = new ClassifierLoader(new RuntimeOptions { Threads = 1 }, new PreprocessOptions(), NullLogger<ClassifierLoader>.Instance)
            .Load(ModelInspector.Inspect(model.Path), model.Options, 1);
        using var buffer = classifier.CreateBuffer();
        var estimates = new StageEstimates();
        estimates.Inferred(TimeSpan.FromSeconds(1));
        using var preparer = new BatchPreparer(classifier, new PreprocessOptions(), estimates, new WorkerMetrics(), time);
        var job = new ClaimedJob
        {
            Id = "a", Token = "t", WorkerId = "w", Body = GeneratedPictures.Jpeg(), ContentType = "image/jpeg", Attempt = 1,
            QueueWait = TimeSpan.Zero, Remaining = TimeSpan.FromMilliseconds(remainingMs), ClaimedAt = time.GetTimestamp(),
        };
        var batch = new Batch([new JobItem(job, null, CancellationToken.None)], buffer);

        preparer.Prepare(batch);

        batch.Prepared!.Count.ShouldBe(prepared ? 1 : 0);
        if (!prepared)
            batch.Items[0].Ending.ShouldBeOfType<JobEnding.TooLate>();
    }
}
