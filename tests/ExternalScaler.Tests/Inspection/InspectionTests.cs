using System.Net;
using System.Text.Json;
using Keda.Inference.ExternalScaler.Inspection;
using Keda.Inference.ExternalScaler.Tests.Support;

namespace Keda.Inference.ExternalScaler.Tests.Inspection;

public sealed class InspectionTests(EmbeddedStoreFixture store) : IClassFixture<EmbeddedStoreFixture>, IAsyncLifetime
{
    private QueueUnderTest _queue = null!;
    private ScalerUnderTest _scaler = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _queue = new QueueUnderTest(store.ConnectionString);
        _scaler = await ScalerUnderTest.StartAsync(store.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _scaler.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Fact]
    public async Task History_AfterDecisions_HasInputsNumbersAndReasonsNewestFirst()
    {
        var trigger = ScalerUnderTest.Ref("kept", ("policy", "queue-depth"));
        await _queue.ScaleAsync("kept", 1, max: 9);
        await _scaler.PollAsync(trigger);
        await _queue.EnqueueAsync("kept", 3);
        await _scaler.PollAsync(trigger);

        var body = await JsonAsync("/scaledobjects/default/so-kept");

        var decisions = body.GetProperty("triggers")[0].GetProperty("decisions").EnumerateArray().ToArray();
        decisions.Select(decision => decision.GetProperty("waiting").GetInt64()).ShouldBe([3, 0]);
        var newest = decisions[0];
        newest.GetProperty("desired").GetInt32().ShouldBe(3);
        newest.GetProperty("current").GetInt32().ShouldBe(1);
        newest.GetProperty("ready").GetInt32().ShouldBe(1);
        newest.GetProperty("policy").GetString().ShouldBe("queue-depth");
        newest.GetProperty("reason").GetString().ShouldBe("waiting 3 + in flight 0: ceil(3/1) = 3");
        newest.GetProperty("reasonCode").GetString().ShouldBe("scale_up");
        newest.GetProperty("numbers").GetProperty("formula").GetDouble().ShouldBe(3);
    }

    [Fact]
    public async Task History_RepeatedCalls_KeepsOneRecord()
    {
        var trigger = ScalerUnderTest.Ref("one-record");
        await _queue.ScaleAsync("one-record", 1);
        for (var i = 0; i < 10; i++)
            await _scaler.PollAsync(trigger);

        (await JsonAsync("/scaledobjects/default/so-one-record")).GetProperty("triggers")[0].GetProperty("decisions").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Inspect_OtherPolicy_AnswersAndLeavesTheStateAsItIs()
    {
        var key = new WorkQueue.ScaledObjectKey("default", "so-looked", "looked");
        await _queue.ScaleAsync("looked", 1);
        await _queue.EnqueueAsync("looked", 120);
        (await _scaler.PollAsync(ScalerUnderTest.Ref("looked"))).ShouldBe(3);
        var before = await _queue.Queues.Decisions.ReadAsync(key, Cancellation);

        var report = await InspectCommand.AskAsync(
            _scaler.Client, new InspectClientOptions(_scaler.GrpcAddress, null, null, null, TimeSpan.FromSeconds(20)),
            ScalerUnderTest.Ref("looked", ("policy", "queue-depth"), ("targetQueueLength", "30")), Cancellation);

        (report.Value, report.Reason).ShouldBe((4, "waiting 120 + in flight 0: ceil(120/30) = 4"));
        var after = await _queue.Queues.Decisions.ReadAsync(key, Cancellation);
        after.Version.ShouldBe(before.Version);
        after.State.ToArray().ShouldBe(before.State.ToArray());
        (await _queue.Queues.Decisions.HistoryAsync(key, 10, Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task List_AfterDecision_HasItsNewest()
    {
        await _queue.ScaleAsync("listed", 2);
        await _scaler.PollAsync(ScalerUnderTest.Ref("listed"));

        var listed = (await JsonAsync("/scaledobjects")).GetProperty("scaledObjects").EnumerateArray()
            .Single(item => item.GetProperty("queue").GetString() == "listed");
        listed.GetProperty("namespace").GetString().ShouldBe("default");
        listed.GetProperty("name").GetString().ShouldBe("so-listed");
        listed.GetProperty("latest").GetProperty("current").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("/scaledobjects")]
    [InlineData("/scaledobjects/default/anything")]
    public async Task Browser_AnyAddress_GetsThePage(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");

        using var response = await _scaler.Http.SendAsync(request, Cancellation);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("<title>Scaling decisions</title>");
    }

    [Theory]
    [InlineData("/scaledobjects/default/nobody", HttpStatusCode.NotFound, "Nothing was decided for ScaledObject default/nobody")]
    [InlineData("/scaledobjects/default/nobody?count=0", HttpStatusCode.BadRequest, "count is '0'; a whole number from 1 to 1000")]
    public async Task History_BadRequest_SaysWhatWouldBeRight(string path, HttpStatusCode status, string expected)
    {
        using var response = await _scaler.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain(expected);
    }

    [Fact]
    public async Task Metrics_AfterCalls_CountDecisionsAndRpcs()
    {
        await _queue.ScaleAsync("counted", 1);
        await _queue.EnqueueAsync("counted", 120);
        await _scaler.PollAsync(ScalerUnderTest.Ref("counted"));
        await Should.ThrowAsync<Grpc.Core.RpcException>(() => _scaler.PollAsync(ScalerUnderTest.Ref("counted", ("bad", "key"))));

        var text = await _scaler.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);

        const string Labels = "namespace=\"default\",scaledobject=\"so-counted\",queue=\"counted\",policy=\"queue-proportional\"";
        text.ShouldContain($"keda_inference_scaler_desired_replicas{{{Labels}}} 3");
        text.ShouldContain($"keda_inference_scaler_current_replicas{{{Labels}}} 1");
        text.ShouldContain($"keda_inference_scaler_ready_replicas{{{Labels}}} 1");
        text.ShouldContain($"keda_inference_scaler_waiting{{{Labels}}} 120");
        text.ShouldContain($"keda_inference_scaler_in_flight{{{Labels}}} 0");
        text.ShouldContain($"keda_inference_scaler_decisions_total{{{Labels},reason=\"scale_up\"}} 1");
        text.ShouldContain("keda_inference_scaler_rpcs_total{method=\"GetMetrics\",status=\"OK\"} 1");
        text.ShouldContain("keda_inference_scaler_rpcs_total{method=\"GetMetricSpec\",status=\"InvalidArgument\"} 1");
        text.ShouldContain("keda_inference_scaler_rpc_duration_seconds_count{method=\"GetMetrics\"} 1");
    }

    private async Task<JsonElement> JsonAsync(string path)
    {
        using var response = await _scaler.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;
    }
}
