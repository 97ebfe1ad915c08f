using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Tests.Support;

namespace Keda.Inference.ExternalScaler.Tests.FastLane;

/// <summary>The way round the HPA, before a Kubernetes API and before the local stand-in.</summary>
public sealed class FastLaneTests(EmbeddedStoreFixture store) : IClassFixture<EmbeddedStoreFixture>, IAsyncLifetime
{
    private QueueUnderTest _queue = null!;
    private StubKubernetes _cluster = null!;
    private ScalerUnderTest _scaler = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _queue = new QueueUnderTest(store.ConnectionString);
        _cluster = await StubKubernetes.StartAsync();
        _scaler = await ScalerUnderTest.StartAsync(
            store.ConnectionString,
            ["--Scaler:ClusterView=kubernetes", $"--Scaler:Kubernetes:KubeConfigPath={_cluster.KubeConfigPath}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _scaler.DisposeAsync();
        await _cluster.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Theory]
    [InlineData("deployments", null)]
    [InlineData("statefulsets", "StatefulSet")]
    public async Task OpenStream_PolicyWantsMore_RaisesScaleToAtMostTheMaximumAndMetricAgrees(string plural, string? kind)
    {
        _cluster.PutScaledObject("so-fast", "resnet18", max: 4, kind: kind);
        _cluster.PutWorkload("resnet18", 1, 1, plural);
        await _queue.EnqueueAsync("fast", 50);
        var trigger = ScalerUnderTest.Ref("fast", ("policy", "queue-depth"), ("fastLane", "true"));

        using var stream = _scaler.Client.StreamIsActive(trigger, cancellationToken: Cancellation);

        await Eventually.BeAsync(() => _cluster.ReplicasOf("resnet18", plural) == 4, "the raise");
        (await _scaler.PollAsync(trigger)).ShouldBe(4);
        await Eventually.BeAsync(
            async () => (await _scaler.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation)).Contains(
                "fast_lane_patches_total{namespace=\"default\",scaledobject=\"so-fast\",queue=\"fast\",policy=\"queue-depth\"} 1"),
            "the count");
        var history = await _scaler.Http.GetStringAsync(new Uri("/scaledobjects/default/so-fast", UriKind.Relative), Cancellation);
        history.ShouldContain("\"raisedTo\":4");
        _cluster.Requests.Count(request => request == $"patch {plural}/scale").ShouldBe(1);
        _cluster.Requests.Distinct().ShouldBe(
            ["get " + plural + "/scale", "list " + plural, "list scaledobjects", "patch " + plural + "/scale", "watch " + plural, "watch scaledobjects"],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData(4, "9", 4)]
    [InlineData(null, "500", 100)]
    public async Task OpenStream_MetadataAllowsMoreThanTheScaledObject_RaisesToWhatTheHpaAllows(int? max, string metadata, int expected)
    {
        _cluster.PutScaledObject("so-above", "resnet18", max: max);
        _cluster.PutWorkload("resnet18", 1, 1);
        await _queue.EnqueueAsync($"above-{expected}", 150);
        var trigger = ScalerUnderTest.Ref(
            $"above-{expected}", ("policy", "queue-depth"), ("fastLane", "true"), ("maxReplicas", metadata));
        trigger.Name = "so-above";

        await StreamForThreeEvaluationsAsync(trigger);

        _cluster.ReplicasOf("resnet18").ShouldBe(expected);
    }

    [Fact]
    public async Task OpenStream_PolicyWantsFewer_NeverLowers()
    {
        _cluster.PutScaledObject("so-down", "resnet18");
        _cluster.PutWorkload("resnet18", 5, 5);
        var trigger = ScalerUnderTest.Ref("down", ("policy", "queue-depth"), ("fastLane", "true"));

        await StreamForThreeEvaluationsAsync(trigger);

        _cluster.ReplicasOf("resnet18").ShouldBe(5);
        _cluster.Requests.ShouldNotContain("get deployments/scale");
    }

    [Fact]
    public async Task OpenStream_NothingToDoButRecentLoadAndNoReplica_LeavesTheStepFromNoneToKeda()
    {
        _cluster.PutScaledObject("so-rest", "resnet18", min: 0);
        _cluster.PutWorkload("resnet18", 0, 0);
        await _queue.EnqueueAsync("rest", 30);
        foreach (var job in await _queue.ClaimAsync("rest", 30))
            (await _queue.CompleteAsync("rest", job)).ShouldBeTrue();
        var trigger = ScalerUnderTest.Ref("rest", ("policy", "slo"), ("fastLane", "true"));

        await StreamForThreeEvaluationsAsync(trigger);

        (await _scaler.PollAsync(trigger)).ShouldBeGreaterThan(0, "the policy still staffs for the load of a moment ago");
        _cluster.ReplicasOf("resnet18").ShouldBe(0);
        await _queue.EnqueueAsync("rest");
        using var stream = _scaler.Client.StreamIsActive(trigger, cancellationToken: Cancellation);
        await Eventually.BeAsync(() => _cluster.ReplicasOf("resnet18") > 0, "work to wake it");
    }

    [Theory]
    [InlineData("autoscaling.keda.sh/paused=true")]
    [InlineData("autoscaling.keda.sh/paused-replicas=2")]
    [InlineData("autoscaling.keda.sh/paused-scale-out=true")]
    public async Task OpenStream_Paused_IsLeftAlone(string annotation)
    {
        _cluster.PutScaledObject("so-paused", "resnet18", annotation: annotation);
        _cluster.PutWorkload("resnet18", 1, 1);
        await _queue.EnqueueAsync("paused", 50);

        await StreamForThreeEvaluationsAsync(ScalerUnderTest.Ref("paused", ("policy", "queue-depth"), ("fastLane", "true")));

        _cluster.ReplicasOf("resnet18").ShouldBe(1);
    }

    [Fact]
    public async Task OpenStream_NotOptedIn_LeavesScaleAlone()
    {
        _cluster.PutScaledObject("so-slow", "resnet18");
        _cluster.PutWorkload("resnet18", 1, 1);
        await _queue.EnqueueAsync("slow", 50);
        using var stream = _scaler.Client.StreamIsActive(ScalerUnderTest.Ref("slow", ("policy", "queue-depth")), cancellationToken: Cancellation);
        (await stream.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();

        await _scaler.PollAsync(ScalerUnderTest.Ref("slow", ("policy", "queue-depth")));

        _cluster.Requests.ShouldNotContain(request => request.EndsWith("/scale"));
    }

    [Fact]
    public async Task OpenStream_SomebodyElseWritesTheScale_IsNotOverwritten()
    {
        _cluster.PutScaledObject("so-race", "resnet18", max: 6);
        _cluster.PutWorkload("resnet18", 1, 1);
        await _queue.EnqueueAsync("race", 3);
        var raced = false;
        _cluster.Refuse = (verb, plural) =>
        {
            // Between the scaler's look at the scale and its patch, somebody wants more than it does.
            if (verb == "patch" && !raced)
            {
                raced = true;
                _cluster.PutWorkload("resnet18", 6, 1);
            }
            return null;
        };

        await StreamForThreeEvaluationsAsync(ScalerUnderTest.Ref("race", ("policy", "queue-depth"), ("fastLane", "true")));

        raced.ShouldBeTrue();
        _cluster.ReplicasOf("resnet18").ShouldBe(6);
    }

    [Fact]
    public async Task OpenStream_LocalStandIn_IsRaisedToo()
    {
        await using var local = await ScalerUnderTest.StartAsync(store.ConnectionString);
        await _queue.ScaleAsync("local", 1, max: 3);
        await _queue.EnqueueAsync("local", 50);

        using var stream = local.Client.StreamIsActive(
            ScalerUnderTest.Ref("local", ("policy", "queue-depth"), ("fastLane", "true")), cancellationToken: Cancellation);

        await Eventually.BeAsync(
            async () => (await _queue.Queues.Open("local").LocalScale.GetAsync(Cancellation))?.Replicas == 3, "the raise");
    }

    private async Task StreamForThreeEvaluationsAsync(ScaledObjectRef trigger)
    {
        var key = new WorkQueue.ScaledObjectKey("default", trigger.Name, trigger.ScalerMetadata["queue"]);
        trigger.ScalerMetadata["pollSeconds"] = "0.5";
        using var stream = _scaler.Client.StreamIsActive(trigger, cancellationToken: Cancellation);
        await Eventually.BeAsync(
            async () => (await _queue.Queues.Decisions.HistoryAsync(key, 10, Cancellation)).Count >= 3, "three evaluations");
    }
}
