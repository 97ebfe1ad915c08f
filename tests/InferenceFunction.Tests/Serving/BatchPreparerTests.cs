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
        using var worker = new Fixture();
        worker.Estimates.Inferred(TimeSpan.FromSeconds(1));

        var batch = worker.Prepare(remainingMs);

        batch.Prepared!.Count.ShouldBe(prepared ? 1 : 0);
        if (!prepared)
            batch.Items[0].Ending.ShouldBeOfType<JobEnding.TooLate>();
    }

    [Fact]
    public void Prepare_ShortDeadlinesAfterOneSlowPicture_AreSoonTriedAgain()
    {
        using var worker = new Fixture();
        worker.Estimates.Inferred(TimeSpan.FromSeconds(5));
        var refused = 0;

        while (worker.Prepare(remainingMs: 500).Prepared!.Count == 0)
            (++refused).ShouldBeLessThan(20);

        refused.ShouldBeGreaterThan(0);
    }

    private sealed class Fixture : IDisposable
    {
        private readonly TinyModel _model = new();
        private readonly FakeTimeProvider _time = new();
        private readonly Classifier _classifier;
        private readonly BatchBuffer _buffer;
        private readonly BatchPreparer _preparer;

        public Fixture()
        {
            _classifier = new ClassifierLoader(new RuntimeOptions { Threads = 1 }, new PreprocessOptions(), NullLogger<ClassifierLoader>.Instance)
                .Load(ModelInspector.Inspect(_model.Path), _model.Options, 1);
            _buffer = _classifier.CreateBuffer();
            _preparer = new BatchPreparer(_classifier, new PreprocessOptions(), Estimates, new WorkerMetrics(), _time);
        }

        public StageEstimates Estimates { get; } = new();

        public Batch Prepare(int remainingMs)
        {
            var job = new ClaimedJob
            {
                Id = "a", Token = "t", WorkerId = "w", Body = GeneratedPictures.Jpeg(), ContentType = "image/jpeg", Attempt = 1,
                QueueWait = TimeSpan.Zero, Remaining = TimeSpan.FromMilliseconds(remainingMs), ClaimedAt = _time.GetTimestamp(),
            };
            var batch = new Batch([new JobItem(job, null, CancellationToken.None)], _buffer);
            _preparer.Prepare(batch);
            return batch;
        }

        public void Dispose()
        {
            _preparer.Dispose();
            _buffer.Dispose();
            _classifier.Dispose();
            _model.Dispose();
        }
    }
}
