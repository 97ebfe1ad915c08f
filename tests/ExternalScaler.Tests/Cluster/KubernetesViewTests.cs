using Grpc.Core;
using Keda.Inference.ExternalScaler.Protos;
using Keda.Inference.ExternalScaler.Tests.Support;

namespace Keda.Inference.ExternalScaler.Tests.Cluster;

/// <summary>The scaler before a Kubernetes API, asked over gRPC.</summary>
public sealed class KubernetesViewTests(EmbeddedStoreFixture store) : IClassFixture<EmbeddedStoreFixture>, IAsyncLifetime
{
    private QueueUnderTest _queue = null!;
    private StubKubernetes _cluster = null!;
    private ScalerUnderTest _scaler = null!;

    public async ValueTask InitializeAsync()
    {
        _queue = new QueueUnderTest(store.ConnectionString);
        _cluster = await StubKubernetes.StartAsync();
        _scaler = await StartScalerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _scaler.DisposeAsync();
        await _cluster.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Fact]
    public async Task GetMetrics_Deployment_UsesItsReplicasAndTheScaledObjectsBounds()
    {
        _cluster.PutScaledObject("so-work", "resnet18", min: 1, max: 4);
        _cluster.PutWorkload("resnet18", replicas: 2, ready: 2);
        await _queue.EnqueueAsync("work", 120);

        (await PollAsync("work")).ShouldBe((4, "queue 120 > 50: ceil(2 x 120/50) = 5, clamped to 4"));
    }

    [Fact]
    public async Task GetMetrics_StatefulSetNotReady_HoldsItsReplicas()
    {
        _cluster.PutScaledObject("so-set", "resnet18", kind: "StatefulSet");
        _cluster.PutWorkload("resnet18", replicas: 3, ready: 2, plural: "statefulsets");
        await _queue.EnqueueAsync("set", 120);

        var (replicas, reason) = await PollAsync("set");

        replicas.ShouldBe(3);
        reason.ShouldContain("2 of 3 replicas ready");
    }

    [Fact]
    public async Task GetMetrics_Overrides_GoBeforeTheScaledObject()
    {
        _cluster.PutScaledObject("so-over", "other", max: 100);
        _cluster.PutWorkload("resnet18-b", replicas: 1, ready: 1);
        await _queue.EnqueueAsync("over", 40);

        (await PollAsync("over", ("policy", "queue-depth"), ("deployment", "resnet18-b"), ("maxReplicas", "7"))).Replicas.ShouldBe(7);
    }

    [Fact]
    public async Task GetMetrics_ManyCalls_CostOneListAndOneWatchOfEachKind()
    {
        _cluster.PutScaledObject("so-cheap", "resnet18");
        _cluster.PutWorkload("resnet18", 1, 1);
        for (var i = 0; i < 20; i++)
            await PollAsync("cheap");

        await Eventually.BeAsync(() => _cluster.OpenWatches == 2, "both watches");
        _cluster.Requests.Order().ShouldBe(["list deployments", "list scaledobjects", "watch deployments", "watch scaledobjects"]);
    }

    [Fact]
    public async Task GetMetrics_ReplicasChange_IsSeenThroughTheWatch()
    {
        _cluster.PutScaledObject("so-seen", "resnet18");
        _cluster.PutWorkload("resnet18", 1, 1);
        await PollAsync("seen");

        _cluster.PutWorkload("resnet18", 5, 4);

        await Eventually.BeAsync(async () => (await MetricsAsync()).Contains(Gauge("current_replicas", "seen", 5)), "five replicas");
        (await MetricsAsync()).ShouldContain(Gauge("ready_replicas", "seen", 4));

        async Task<string> MetricsAsync()
        {
            await PollAsync("seen");
            return await _scaler.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task GetMetrics_WatchExpired_ListsAfresh()
    {
        _cluster.PutScaledObject("so-gone", "resnet18", max: 3);
        _cluster.PutWorkload("resnet18", 1, 1);
        await _queue.EnqueueAsync("gone", 40);
        (await PollAsync("gone", ("policy", "queue-depth"))).Replicas.ShouldBe(3);
        await Eventually.BeAsync(() => _cluster.OpenWatches == 2, "both watches");

        _cluster.ExpireWatches();
        await Eventually.BeAsync(() => _cluster.Requests.Count(request => request == "list scaledobjects") == 2, "another list");
        _cluster.PutScaledObject("so-gone", "resnet18", max: 5);

        await Eventually.BeAsync(async () => (await PollAsync("gone", ("policy", "queue-depth"))).Replicas == 5, "the new bound");
    }

    [Theory]
    [InlineData("list", "scaledobjects", 403, "forbids to list scaledobjects.keda.sh in namespace default: grant the scaler's service account 'list'")]
    [InlineData("list", "deployments", 403, "forbids to list deployments.apps in namespace default")]
    [InlineData("list", "scaledobjects", 404, "does not know scaledobjects.keda.sh; is KEDA installed?")]
    [InlineData("list", "scaledobjects", 401, "does not accept the scaler's credentials")]
    [InlineData("list", "scaledobjects", 500, "answered 500 to list scaledobjects.keda.sh")]
    public async Task GetMetrics_ApiRefuses_IsUnavailableSayingWhy(string verb, string plural, int status, string expected)
    {
        _cluster.PutScaledObject("so-no", "resnet18");
        _cluster.PutWorkload("resnet18", 1, 1);
        _cluster.Refuse = (asked, of) => asked == verb && of == plural ? status : null;

        var error = await Should.ThrowAsync<RpcException>(() => PollAsync("no"));

        error.StatusCode.ShouldBe(StatusCode.Unavailable);
        error.Status.Detail.ShouldContain(expected);
        (await _scaler.Http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeFalse();

        _cluster.Refuse = null;
        await Eventually.BeAsync(
            async () =>
            {
                try
                {
                    return (await PollAsync("no")).Replicas == 1;
                }
                catch (RpcException)
                {
                    return false;
                }
            },
            "the API to be asked again");
    }

    [Fact]
    public async Task Readyz_NamespaceWithoutRights_StaysReadyForTheOthers()
    {
        _cluster.PutScaledObject("so-mine", "resnet18");
        _cluster.PutWorkload("resnet18", 1, 1);
        await PollAsync("mine");
        _cluster.Refuse = (asked, _) => asked == "list" ? 403 : null;
        var foreign = ScalerUnderTest.Ref("foreign");
        foreign.Namespace = "team-b";

        var error = await Should.ThrowAsync<RpcException>(() => _scaler.PollAsync(foreign));

        error.Status.Detail.ShouldContain("in namespace team-b");
        (await _scaler.Http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task GetMetrics_NoSuchObject_IsUnavailableNamingIt()
    {
        (await Should.ThrowAsync<RpcException>(() => PollAsync("none"))).Status.Detail.ShouldBe("ScaledObject default/so-none does not exist.");

        _cluster.PutScaledObject("so-none", "nothing");
        (await Should.ThrowAsync<RpcException>(() => PollAsync("none"))).Status.Detail
            .ShouldBe("Deployment default/nothing, the target of the ScaledObject, does not exist.");

        _cluster.PutScaledObject("so-none", "nothing", kind: "Rollout");
        await Eventually.BeAsync(
            async () => (await Should.ThrowAsync<RpcException>(() => PollAsync("none"))).Status.Detail
                .Contains("scales a Rollout; only Deployment and StatefulSet are known"), "the kind to be refused");
    }

    [Fact]
    public async Task GetMetrics_HungApi_IsUnavailableWithinTheLimit()
    {
        await _scaler.DisposeAsync();
        _scaler = await StartScalerAsync("--Scaler:DependencyTimeoutMs=300");
        _cluster.Hung = true;

        var error = await Should.ThrowAsync<RpcException>(() => PollAsync("hung"));

        error.StatusCode.ShouldBe(StatusCode.Unavailable);
        error.Status.Detail.ShouldContain("did not answer within 300 ms");
    }

    [Fact]
    public async Task IsActive_HungApi_StillAnswersFromTheQueue()
    {
        _cluster.Hung = true;
        await _queue.EnqueueAsync("queue-only");

        (await _scaler.Client.IsActiveAsync(
            ScalerUnderTest.Ref("queue-only"), cancellationToken: TestContext.Current.CancellationToken)).Result.ShouldBeTrue();
    }

    [Fact]
    public async Task GetMetrics_WholeClusterWatched_ListsWithoutNamespace()
    {
        await _scaler.DisposeAsync();
        _scaler = await StartScalerAsync("--Scaler:Kubernetes:WatchAllNamespaces=true");
        _cluster.PutScaledObject("so-all", "resnet18", min: 2);
        _cluster.PutWorkload("resnet18", 2, 2);

        (await PollAsync("all")).Replicas.ShouldBe(2);
    }

    private Task<ScalerUnderTest> StartScalerAsync(params string[] args) => ScalerUnderTest.StartAsync(
        store.ConnectionString,
        [
            "--Scaler:ClusterView=kubernetes", $"--Scaler:Kubernetes:KubeConfigPath={_cluster.KubeConfigPath}",
            "--Scaler:DependencyTimeoutMs=20000", "--Logging:LogLevel:Default=Error", .. args,
        ]);

    private async Task<(int Replicas, string Reason)> PollAsync(string queue, params (string Key, string Value)[] metadata)
    {
        using var call = _scaler.Client.GetMetricsAsync(
            new GetMetricsRequest { ScaledObjectRef = ScalerUnderTest.Ref(queue, metadata), MetricName = $"keda-inference-{queue}" },
            cancellationToken: TestContext.Current.CancellationToken);
        var value = (await call).MetricValues.ShouldHaveSingleItem();
        return ((int)value.MetricValueFloat, call.GetTrailers().GetValue("scaler-reason")!);
    }

    private static string Gauge(string name, string queue, int value) =>
        $"keda_inference_scaler_{name}{{namespace=\"default\",scaledobject=\"so-{queue}\",queue=\"{queue}\",policy=\"queue-proportional\"}} {value}";
}
