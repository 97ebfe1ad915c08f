using System.Runtime.InteropServices;
using Keda.Inference.InferenceFunction.Serving;
using Keda.Inference.LocalCluster;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;
using SkiaSharp;

namespace Keda.Inference.InferenceFunction.Tests.Serving;

public sealed class WorkLoopTests : IAsyncLifetime
{
    private readonly TinyModel _model = new();
    private readonly EmbeddedStore _store = EmbeddedStore.Start();
    private IWorkQueues _queues = null!;
    private IWorkQueue _queue = null!;

    public ValueTask InitializeAsync()
    {
        _queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = _store.ConnectionString, TimeoutMs = 10_000 }, name => new WorkQueueOptions { Name = name }, TimeProvider.System);
        _queue = _queues.Open("pictures");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_queues).DisposeAsync();
        _store.Dispose();
        _model.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Loop_Pictures_AreAnsweredEachWithItsOwnClasses(int cores)
    {
        await using var worker = new RunningWorker(_queue, _model, cores: cores);
        SKColor[] colours = [SKColors.Red, SKColors.Lime, SKColors.Blue];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => AskAsync(Plain(colours[i % 3]))));

        for (var i = 0; i < outcomes.Length; i++)
        {
            var result = InferenceResult.FromPayload(outcomes[i].Payload.Span);
            result.Predictions.Count.ShouldBe(5);
            result.Predictions[0].Class.ShouldBe(i % 3);
            result.Predictions[0].Label.ShouldBe(new[] { "red", "green", "blue" }[i % 3]);
            result.Predictions[0].Probability.ShouldBe(Math.Exp(10) / (Math.Exp(10) + 5), 1e-4);
            result.Predictions.ShouldBe(result.Predictions.OrderByDescending(prediction => prediction.Probability));
            result.Model.Precision.ShouldBe("fp32");
            result.Timings.Inference.ShouldBeGreaterThan(0);
            result.Scores.ShouldBeNull();
        }

        (await _queue.GetSignalsAsync(Token)).InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task Loop_TensorThatWantsScores_GetsTheProbabilityOfEveryClass()
    {
        await using var worker = new RunningWorker(_queue, _model);
        var tensor = new float[3 * 224 * 224];
        tensor.AsSpan(224 * 224, 224 * 224).Fill(0.2f);
        var outcome = await AskAsync(MemoryMarshal.AsBytes(tensor.AsSpan()).ToArray(), BodyTypes.Tensor, scores: true);

        var result = InferenceResult.FromPayload(outcome.Payload.Span);
        result.Scores.ShouldNotBeNull().Count.ShouldBe(TinyModel.Classes);
        result.Scores[1].ShouldBe((float)(Math.Exp(2) / (Math.Exp(2) + 5)), 1e-4f);
        result.Scores.Sum().ShouldBe(1, 1e-4f);
    }

    [Theory]
    [InlineData("image/jpeg", "this is no picture", "undecodable-image")]
    [InlineData("text/plain", "words", "unsupported-content-type")]
    [InlineData(BodyTypes.Tensor, "short", "bad-tensor")]
    public async Task Loop_UnusableInput_IsRejectedAndTheWorkerGoesOn(string contentType, string body, string code)
    {
        await using var worker = new RunningWorker(_queue, _model);

        var outcome = await AskAsync(System.Text.Encoding.UTF8.GetBytes(body), contentType);
        outcome.State.ShouldBe(JobState.Rejected);
        outcome.Error!.Code.ShouldBe(code);
        outcome.Attempts.ShouldBe(1);

        (await AskAsync(Plain(SKColors.Red))).State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Loop_TensorWithNotANumber_IsRejected()
    {
        await using var worker = new RunningWorker(_queue, _model);
        var tensor = new float[3 * 224 * 224];
        tensor[7] = float.NaN;

        var outcome = await AskAsync(MemoryMarshal.AsBytes(tensor.AsSpan()).ToArray(), BodyTypes.Tensor);
        outcome.Error!.Code.ShouldBe("bad-tensor");
    }

    [Fact]
    public async Task Loop_BatchWithABadPicture_OnlyThatOneFails()
    {
        // Enqueued before the worker starts, so that one claim takes all four.
        var bodies = new[] { Plain(SKColors.Red), [1, 2, 3], Plain(SKColors.Lime), Plain(SKColors.Blue) };
        var ids = new List<string>();
        foreach (var body in bodies)
            ids.Add(await EnqueueAsync(body));
        await using var worker = new RunningWorker(_queue, _model, new WorkerOptions { MaxBatch = 4 });
        var outcomes = await Task.WhenAll(ids.Select(WaitAsync));

        outcomes[1].State.ShouldBe(JobState.Rejected);
        int[] good = [0, 2, 3];
        foreach (var (place, i) in good.Select((place, i) => (place, i)))
            InferenceResult.FromPayload(outcomes[place].Payload.Span).Predictions[0].Class.ShouldBe(i);
        worker.Metrics.BatchSize.Count.ShouldBe(1);
        worker.Metrics.BatchSize.Sum.ShouldBe(3);
    }

    [Fact]
    public async Task Loop_BatchWithADelay_WaitsForMore()
    {
        var first = await EnqueueAsync(Plain(SKColors.Red));
        await using var worker = new RunningWorker(_queue, _model, new WorkerOptions { MaxBatch = 2, MaxDelayMs = 10_000 });
        var second = await EnqueueAsync(Plain(SKColors.Blue));
        await Task.WhenAll(WaitAsync(first), WaitAsync(second));

        worker.Metrics.BatchSize.Count.ShouldBe(1);
        worker.Metrics.BatchSize.Sum.ShouldBe(2);
    }

    [Fact]
    public async Task Loop_Stopped_LosesNothing()
    {
        var ids = new List<string>();
        for (var i = 0; i < 200; i++)
            ids.Add(await EnqueueAsync(Plain(SKColors.Red)));
        await using (var first = new RunningWorker(_queue, _model))
        {
            await WaitAsync(ids[0]);
            await first.StopAsync();
            var signals = await _queue.GetSignalsAsync(Token);
            signals.InFlight.ShouldBe(0);
            signals.Waiting.ShouldBe(200 - signals.Completions);
        }

        await using var second = new RunningWorker(_queue, _model);
        var outcomes = await Task.WhenAll(ids.Select(WaitAsync));
        outcomes.ShouldAllBe(outcome => outcome.State == JobState.Succeeded && outcome.Attempts == 1);
    }

    [Fact]
    public async Task Loop_RedisGoesAndComesBack_ServesAgain()
    {
        await using var redis = await RedisServer.StartOrSkipAsync();
        var queues = WorkQueues.Connect(
            new RedisOptions { ConnectionString = redis.ConnectionString, TimeoutMs = 10_000 }, name => new WorkQueueOptions { Name = name }, TimeProvider.System);
        await using var _ = (IAsyncDisposable)queues;
        var queue = queues.Open("pictures");
        await using var worker = new RunningWorker(queue, _model);
        (await AskAsync(Plain(SKColors.Red), queue: queue)).State.ShouldBe(JobState.Succeeded);

        await redis.KillAsync();
        await redis.StartAgainAsync();

        var outcome = await RetryAsync(() => AskAsync(Plain(SKColors.Blue), queue: queue));
        InferenceResult.FromPayload(outcome.Payload.Span).Predictions[0].Label.ShouldBe("blue");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static byte[] Plain(SKColor colour)
    {
        using var bitmap = new SKBitmap(300, 260);
        bitmap.Erase(colour);
        using var image = SKImage.FromBitmap(bitmap);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private async Task<JobOutcome> AskAsync(byte[] body, string contentType = "image/png", bool scores = false, IWorkQueue? queue = null)
    {
        var id = await EnqueueAsync(body, contentType, scores, queue);
        return await (queue ?? _queue).WaitAsync(id, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    private Task<JobOutcome> WaitAsync(string id) => _queue.WaitAsync(id, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);

    private async Task<string> EnqueueAsync(byte[] body, string contentType = "image/png", bool scores = false, IWorkQueue? queue = null)
    {
        var submission = new JobSubmission
        {
            Id = JobId.New(TimeProvider.System), Body = body, ContentType = contentType, WantScores = scores, ExpectReply = true,
        };
        await (queue ?? _queue).EnqueueAsync(submission, Token);
        return submission.Id;
    }

    private static async Task<JobOutcome> RetryAsync(Func<Task<JobOutcome>> ask)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (WorkQueueUnavailableException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }
}
