using System.Diagnostics;
using Grpc.Core;
using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Tests.Support;

namespace Keda.Inference.ExternalScaler.Tests.Service;

/// <summary>The four RPCs as KEDA calls them, over each store.</summary>
public abstract class ContractTests(StoreFixture store) : IAsyncLifetime
{
    private ScalerUnderTest _scaler = null!;
    private QueueUnderTest _queue = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(store.ConnectionString.Length == 0, "redis-server is not on PATH.");
        _queue = new QueueUnderTest(store.ConnectionString);
        _scaler = await ScalerUnderTest.StartAsync(store.ConnectionString, ["--Scaler:HeartbeatSeconds=0.5"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_scaler is not null)
            await _scaler.DisposeAsync();
        if (_queue is not null)
            await _queue.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task GetMetricSpec_AnyQueue_IsOneMetricWithTargetOne()
    {
        var response = await _scaler.Client.GetMetricSpecAsync(ScalerUnderTest.Ref("spec"), cancellationToken: Cancellation);

        var spec = response.MetricSpecs.ShouldHaveSingleItem();
        spec.MetricName.ShouldBe("keda-inference-spec");
        spec.TargetSize.ShouldBe(1);
        spec.TargetSizeFloat.ShouldBe(1);
    }

    [Fact]
    public async Task GetMetrics_QueueAboveTarget_IsProportionalInBothFieldsWithReason()
    {
        await _queue.ScaleAsync("up", 2);
        await _queue.EnqueueAsync("up", 120);

        var call = _scaler.Client.GetMetricsAsync(
            new GetMetricsRequest { ScaledObjectRef = ScalerUnderTest.Ref("up"), MetricName = "keda-inference-up" },
            cancellationToken: Cancellation);

        var value = (await call).MetricValues.ShouldHaveSingleItem();
        value.MetricName.ShouldBe("keda-inference-up");
        value.MetricValue_.ShouldBe(5);
        value.MetricValueFloat.ShouldBe(5);
        call.GetTrailers().GetValue("scaler-reason").ShouldBe("queue 120 > 50: ceil(2 x 120/50) = 5");
    }

    [Theory]
    [InlineData("slo")]
    [InlineData("queue-depth")]
    public async Task IsActive_WorkUpstreamOnly_WakesThisOne(string policy)
    {
        var trigger = ScalerUnderTest.Ref($"down-{policy}", ("policy", policy), ("upstream", $"up-{policy}"));
        (await _scaler.Client.IsActiveAsync(trigger, cancellationToken: Cancellation)).Result.ShouldBeFalse();

        await _queue.EnqueueAsync($"up-{policy}");

        (await _scaler.Client.IsActiveAsync(trigger, cancellationToken: Cancellation)).Result.ShouldBeTrue();
    }

    [Fact]
    public async Task GetMetrics_AskedAgainAfterQueueGrew_DecidesOnce()
    {
        await _queue.ScaleAsync("once", 1);
        await _queue.EnqueueAsync("once", 100);
        (await _scaler.PollAsync(ScalerUnderTest.Ref("once"))).ShouldBe(2);

        await _queue.EnqueueAsync("once", 100);

        for (var i = 0; i < 5; i++)
            (await _scaler.PollAsync(ScalerUnderTest.Ref("once"))).ShouldBe(2);
    }

    [Fact]
    public async Task GetMetrics_CooldownAfterChange_HoldsUntilItsEnd()
    {
        var trigger = ScalerUnderTest.Ref("cool", ("pollSeconds", "0.1"), ("cooldownSeconds", "2"));
        await _queue.ScaleAsync("cool", 1);
        await _queue.EnqueueAsync("cool", 100);
        (await _scaler.PollAsync(trigger)).ShouldBe(2);
        await _queue.ScaleAsync("cool", 2);

        var readings = await ReadUntilAsync(trigger, value => value == 4);

        readings.SkipLast(1).ShouldAllBe(value => value == 2);
        readings.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task GetMetrics_ReplicaNotReady_HoldsCurrent()
    {
        await _queue.ScaleAsync("unready", 2, ready: 1);
        await _queue.EnqueueAsync("unready", 120);

        (await _scaler.PollAsync(ScalerUnderTest.Ref("unready"))).ShouldBe(2);
        (await _scaler.PollAsync(ScalerUnderTest.Ref("unready", ("requireReady", "false"), ("policy", "queue-depth")))).ShouldBe(6);
    }

    [Theory]
    [InlineData("queue-depth", 3)]
    [InlineData("queue-proportional", 1)]
    public async Task GetMetrics_FromZero_Activates(string policy, double expected)
    {
        var queue = $"zero-{policy}";
        await _queue.ScaleAsync(queue, 0, min: 0);
        var trigger = ScalerUnderTest.Ref(queue, ("policy", policy), ("pollSeconds", "0.1"));
        (await _scaler.PollAsync(trigger)).ShouldBe(0);

        await _queue.EnqueueAsync(queue, 3);

        (await _scaler.PollAsync(trigger)).ShouldBe(expected);
    }

    [Fact]
    public async Task GetMetrics_NoStandIn_CountsLiveWorkersWithinKedasDefaults()
    {
        await _queue.EnqueueAsync("alone", 7);

        (await _scaler.PollAsync(ScalerUnderTest.Ref("alone", ("policy", "queue-depth")))).ShouldBe(7);
        (await _scaler.PollAsync(ScalerUnderTest.Ref("alone", ("policy", "queue-depth"), ("maxReplicas", "4")))).ShouldBe(4);
    }

    [Fact]
    public async Task IsActive_WorkOnlyInFlight_StaysTrueUntilItEnds()
    {
        var trigger = ScalerUnderTest.Ref("busy");
        (await IsActiveAsync(trigger)).ShouldBeFalse();

        await _queue.EnqueueAsync("busy");
        (await IsActiveAsync(trigger)).ShouldBeTrue();
        var job = (await _queue.ClaimAsync("busy")).ShouldHaveSingleItem();
        (await IsActiveAsync(trigger)).ShouldBeTrue();

        await _queue.CompleteAsync("busy", job);
        (await IsActiveAsync(trigger)).ShouldBeFalse();
    }

    [Fact]
    public async Task IsActive_BelowActivationLength_IsFalse()
    {
        await _queue.EnqueueAsync("few", 3);

        (await IsActiveAsync(ScalerUnderTest.Ref("few", ("activationQueueLength", "3")))).ShouldBeFalse();
        (await IsActiveAsync(ScalerUnderTest.Ref("few", ("activationQueueLength", "2")))).ShouldBeTrue();
    }

    [Fact]
    public async Task AnyRpc_BadMetadata_IsInvalidArgumentNamingEveryKey()
    {
        var trigger = ScalerUnderTest.Ref("bad", ("targetQueuLength", "5"), ("cooldownSeconds", "soon"), ("policy", "slow"));

        foreach (var error in new[]
        {
            await Should.ThrowAsync<RpcException>(() => IsActiveAsync(trigger)),
            await Should.ThrowAsync<RpcException>(() => _scaler.PollAsync(trigger)),
            await Should.ThrowAsync<RpcException>(async () =>
            {
                using var call = _scaler.Client.StreamIsActive(trigger, cancellationToken: Cancellation);
                await call.ResponseStream.MoveNext(Cancellation);
            }),
        })
        {
            error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            error.Status.Detail.ShouldContain("targetQueuLength is not a known key; did you mean targetQueueLength?");
            error.Status.Detail.ShouldContain("cooldownSeconds is 'soon'");
            error.Status.Detail.ShouldContain("policy is 'slow'; did you mean slo?");
        }
    }

    [Fact]
    public async Task StreamIsActive_FirstJob_IsPushedAndHeartbeatsFollow()
    {
        using var call = _scaler.Client.StreamIsActive(ScalerUnderTest.Ref("push"), cancellationToken: Cancellation);
        (await NextAsync(call)).ShouldBeFalse();

        await _queue.EnqueueAsync("push");

        while (!await NextAsync(call))
        {
            // A heartbeat may have been on its way.
        }
        (await NextAsync(call)).ShouldBeTrue("a heartbeat repeats what holds");
    }

    [Fact]
    public async Task StreamIsActive_CallerReconnects_IsToldAtOnceHowThingsStand()
    {
        await _queue.EnqueueAsync("again");
        for (var connection = 0; connection < 3; connection++)
        {
            using var call = _scaler.Client.StreamIsActive(ScalerUnderTest.Ref("again"), cancellationToken: Cancellation);
            (await NextAsync(call)).ShouldBeTrue();
        }

        await Eventually.BeAsync(
            async () => (await _scaler.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation)).Contains(
                "keda_inference_scaler_streams_open 0"),
            "the server to let go of the streams");
    }

    [Fact]
    public async Task StreamIsActive_FirstJobIntoEmptyQueue_ComesFarSoonerThanAnyTimer()
    {
        using var call = _scaler.Client.StreamIsActive(ScalerUnderTest.Ref("soon"), cancellationToken: Cancellation);
        await NextAsync(call);
        var delays = new List<TimeSpan>();
        for (var round = 0; round < 5; round++)
        {
            var sent = Stopwatch.GetTimestamp();
            await _queue.EnqueueAsync("soon");
            while (!await NextAsync(call))
            {
                // A heartbeat may have been on its way.
            }
            delays.Add(Stopwatch.GetElapsedTime(sent));
            await _queue.CompleteAsync("soon", (await _queue.ClaimAsync("soon")).ShouldHaveSingleItem());
            while (await NextAsync(call))
            {
                // Until the end of the work is seen, which a timer finds.
            }
        }

        // Without the signal it would be found by the timer of a second, half of that in the mean.
        TestContext.Current.TestOutputHelper?.WriteLine($"pushed after {string.Join(", ", delays.Select(delay => $"{delay.TotalMilliseconds:0.0} ms"))}");
        delays.Min().ShouldBeLessThan(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task StreamIsActive_ProcessStops_EndsWithOk()
    {
        using var call = _scaler.Client.StreamIsActive(ScalerUnderTest.Ref("stop"), cancellationToken: Cancellation);
        await NextAsync(call);

        var stopping = _scaler.StopAsync();
        while (await call.ResponseStream.MoveNext(Cancellation))
        {
            // Until the end of the stream, which throws for any status but OK.
        }

        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        await stopping;
    }

    private async Task<bool> IsActiveAsync(ScaledObjectRef trigger) =>
        (await _scaler.Client.IsActiveAsync(trigger, cancellationToken: Cancellation)).Result;

    private static async Task<bool> NextAsync(AsyncServerStreamingCall<IsActiveResponse> call)
    {
        (await call.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        return call.ResponseStream.Current.Result;
    }

    private async Task<List<double>> ReadUntilAsync(ScaledObjectRef trigger, Func<double, bool> end)
    {
        var readings = new List<double>();
        do
        {
            await Task.Delay(50, Cancellation);
            readings.Add(await _scaler.PollAsync(trigger));
            readings.Count.ShouldBeLessThan(400);
        }
        while (!end(readings[^1]));
        return readings;
    }
}

/// <summary>Over the embedded store.</summary>
public sealed class EmbeddedStoreContractTests(EmbeddedStoreFixture store) : ContractTests(store), IClassFixture<EmbeddedStoreFixture>;

/// <summary>Over a real Redis.</summary>
public sealed class RedisContractTests(RedisFixture store) : ContractTests(store), IClassFixture<RedisFixture>;
