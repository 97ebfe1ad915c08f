using Grpc.Core;
using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Tests.Support;
using Keda.Inference.Testing;
using Keda.Inference.WorkQueue;

namespace Keda.Inference.ExternalScaler.Tests.Service;

/// <summary>Several scalers over one Redis, restarts, and Redis' bad days.</summary>
public sealed class ReplicasTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private QueueUnderTest _queue = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartOrSkipAsync();
        _queue = new QueueUnderTest(_redis.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_queue is not null)
            await _queue.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    [Fact]
    public async Task TwoReplicas_AskedAlternatelyWhileQueueGrows_DecideOnce()
    {
        await using var first = await ScalerUnderTest.StartAsync(_redis.ConnectionString);
        await using var second = await ScalerUnderTest.StartAsync(_redis.ConnectionString);
        await _queue.ScaleAsync("pair", 1);
        await _queue.EnqueueAsync("pair", 100);
        var readings = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            readings.Add(await (i % 2 == 0 ? first : second).PollAsync(ScalerUnderTest.Ref("pair")));
            await _queue.EnqueueAsync("pair", 20);
        }

        readings.ShouldAllBe(value => value == 2);
        (await HistoryAsync("pair")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task TwoReplicas_AskedAtTheSameTime_AgreeAndDecideOnce()
    {
        await using var first = await ScalerUnderTest.StartAsync(_redis.ConnectionString);
        await using var second = await ScalerUnderTest.StartAsync(_redis.ConnectionString);
        await _queue.ScaleAsync("same", 2);
        await _queue.EnqueueAsync("same", 90);

        var calls = Enumerable.Range(0, 40).Select(async i =>
        {
            if (i == 20)
                await _queue.EnqueueAsync("same", 30);
            return await (i % 2 == 0 ? first : second).PollAsync(ScalerUnderTest.Ref("same"));
        });
        var readings = await Task.WhenAll(calls);

        readings.Distinct().Count().ShouldBe(1);
        (await HistoryAsync("same")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Restart_DuringCooldown_ForgetsNothing()
    {
        var trigger = ScalerUnderTest.Ref("restart", ("pollSeconds", "0.1"), ("cooldownSeconds", "600"));
        await _queue.ScaleAsync("restart", 1);
        await _queue.EnqueueAsync("restart", 100);
        await using (var before = await ScalerUnderTest.StartAsync(_redis.ConnectionString))
            (await before.PollAsync(trigger)).ShouldBe(2);
        await _queue.ScaleAsync("restart", 2);

        await using var after = await ScalerUnderTest.StartAsync(_redis.ConnectionString);
        await Eventually.BeAsync(
            async () =>
            {
                var call = after.Client.GetMetricsAsync(new GetMetricsRequest { ScaledObjectRef = trigger }, cancellationToken: Cancellation);
                (await call).MetricValues[0].MetricValue_.ShouldBe(2);
                return call.GetTrailers().GetValue("scaler-reason")!.Contains("cooldown");
            },
            "an evaluation within the cooldown");
    }

    [Fact]
    public async Task RedisHangs_AnyRpc_IsUnavailableAndNeverZero()
    {
        await using var scaler = await ScalerUnderTest.StartAsync(_redis.ConnectionString, ["--Redis:TimeoutMs=300"]);
        await _queue.ScaleAsync("hang", 2);
        await Eventually.BeAsync(() => AnswersAsync(scaler, "hang"), "the first answer");

        _redis.Pause();
        var metrics = await Should.ThrowAsync<RpcException>(() => scaler.PollAsync(ScalerUnderTest.Ref("hang")));
        var active = await Should.ThrowAsync<RpcException>(async () => await scaler.Client.IsActiveAsync(ScalerUnderTest.Ref("hang")));
        using var ready = await scaler.Http.GetAsync(new Uri("/readyz", UriKind.Relative), Cancellation);
        using var live = await scaler.Http.GetAsync(new Uri("/livez", UriKind.Relative), Cancellation);
        _redis.Resume();

        metrics.StatusCode.ShouldBe(StatusCode.Unavailable);
        metrics.Status.Detail.ShouldStartWith("Redis cannot be read");
        active.StatusCode.ShouldBe(StatusCode.Unavailable);
        ready.IsSuccessStatusCode.ShouldBeFalse();
        live.IsSuccessStatusCode.ShouldBeTrue();
        await Eventually.BeAsync(() => AnswersAsync(scaler, "hang"), "an answer once Redis is back");
    }

    [Fact]
    public async Task RedisAwayAtStart_Scaler_StartsAndAnswersOnceItIsThere()
    {
        await _redis.StopAsync();
        await using var scaler = await ScalerUnderTest.StartAsync(_redis.ConnectionString, ["--Redis:TimeoutMs=300"]);
        (await Should.ThrowAsync<RpcException>(() => scaler.PollAsync(ScalerUnderTest.Ref("late")))).StatusCode.ShouldBe(StatusCode.Unavailable);

        await _redis.StartAgainAsync();

        await Eventually.BeAsync(() => AnswersAsync(scaler, "late"), "an answer");
    }

    [Fact]
    public async Task Stream_RedisRestarts_StaysOpenAndPushesTheNextJob()
    {
        await using var scaler = await ScalerUnderTest.StartAsync(_redis.ConnectionString, ["--Redis:TimeoutMs=300"]);
        await Eventually.BeAsync(() => AnswersAsync(scaler, "stays"), "the first answer");
        using var stream = scaler.Client.StreamIsActive(ScalerUnderTest.Ref("stays"), cancellationToken: Cancellation);
        (await stream.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        stream.ResponseStream.Current.Result.ShouldBeFalse();

        await _redis.KillAsync();
        await _redis.StartAgainAsync();
        await Eventually.BeAsync(
            async () =>
            {
                try
                {
                    await _queue.EnqueueAsync("stays");
                    return true;
                }
                catch (WorkQueueUnavailableException)
                {
                    return false;
                }
            },
            "the queue to take jobs again");

        do
            (await stream.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        while (!stream.ResponseStream.Current.Result);
    }

    private static async Task<bool> AnswersAsync(ScalerUnderTest scaler, string queue)
    {
        try
        {
            await scaler.PollAsync(ScalerUnderTest.Ref(queue));
            return true;
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    private Task<IReadOnlyList<ReadOnlyMemory<byte>>> HistoryAsync(string queue) =>
        _queue.Queues.Decisions.HistoryAsync(new ScaledObjectKey("default", $"so-{queue}", queue), 1000, Cancellation);
}
