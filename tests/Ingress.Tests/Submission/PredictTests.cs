using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Keda.Inference.Ingress.Tests.Submission;

public sealed class PredictTests(Store store) : IngressTest(store)
{
    [Theory]
    [InlineData(StoreKind.Embedded)]
    [InlineData(StoreKind.Redis)]
    public async Task RawPicture_WithWorker_IsAnswered(StoreKind kind)
    {
        var host = await StartAsync(kind);
        var worker = host.Serve();
        using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg), Cancellation);
        await ShouldBeAnswerAsync(response);
        var job = worker.Claimed.ShouldHaveSingleItem();
        job.ContentType.ShouldBe("image/jpeg");
        job.Body.ToArray().ShouldBe(Jpeg);
    }

    [Theory]
    [InlineData("plain", "image")]
    [InlineData("quoted \"boundary\" and fields before", "image")]
    public async Task MultipartPicture_WithWorker_IsTakenFromItsField(string other, string field)
    {
        var host = await StartAsync();
        var worker = host.Serve();
        using var form = new MultipartFormDataContent("some-boundary");
        form.Add(new StringContent(other), "comment");
        form.Add(new ByteArrayContent(Jpeg), field, "picture.jpg");
        form.Add(new StringContent("after"), "later");
        using var response = await host.Client.PostAsync("/predict", form, Cancellation);
        await ShouldBeAnswerAsync(response);
        worker.Claimed.ShouldHaveSingleItem().Body.ToArray().ShouldBe(Jpeg);
    }

    [Fact]
    public async Task JsonPicture_WithDataAddressAndEscapes_IsDecoded()
    {
        var host = await StartAsync();
        var worker = host.Serve();
        var text = $"{{\"other\": [1, {{}}], \"image\": \"data:image/jpeg;base64,{Escaped(Jpeg)}\"}}";
        using var response = await host.Client.PostAsync("/predict", new StringContent(text, Encoding.UTF8, "application/json"), Cancellation);
        await ShouldBeAnswerAsync(response);
        worker.Claimed.ShouldHaveSingleItem().Body.ToArray().ShouldBe(Jpeg);
    }

    [Fact]
    public async Task ChunkedPicture_OfAFewMegabytes_ArrivesWhole()
    {
        var host = await StartAsync();
        var worker = host.Serve();
        var body = new byte[3_000_000];
        new Random(1).NextBytes(body);
        Jpeg.CopyTo(body, 0);
        using var request = IngressHost.Picture(body, type: "application/octet-stream");
        request.Headers.TransferEncodingChunked = true;
        using var response = await host.Client.SendAsync(request, Cancellation);
        await ShouldBeAnswerAsync(response);
        worker.Claimed.ShouldHaveSingleItem().Body.Span.SequenceEqual(body).ShouldBeTrue();
    }

    [Fact]
    public async Task NamedFunction_OfTwo_GoesToItsQueue()
    {
        var (first, second) = (Store.NewQueue(), Store.NewQueue());
        var host = await StartAsync(
            await Store.ConnectionAsync(StoreKind.Embedded), first, $"Ingress:Functions:0={first}", $"Ingress:Functions:1={second}");
        var queue = ((Keda.Inference.WorkQueue.IWorkQueues)host.App.Services.GetService(typeof(Keda.Inference.WorkQueue.IWorkQueues))!).Open(second);
        var worker = host.Serve(queue: queue);
        using var response = await host.Client.SendAsync(IngressHost.Picture(Jpeg, $"/functions/{second}/predict"), Cancellation);
        var answer = await ShouldBeAnswerAsync(response);
        answer.GetProperty("id").GetString().ShouldBe($"{second}.{worker.Claimed.ShouldHaveSingleItem().Id}");
    }

    [Fact]
    public async Task RequestId_Given_IsEchoedAndGoesWithTheJob()
    {
        var host = await StartAsync();
        var worker = host.Serve();
        using var response = await host.Client.SendAsync(
            IngressHost.Picture(Jpeg, headers: [("X-Request-Id", "abc-1.2"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]),
            Cancellation);
        response.Headers.GetValues("X-Request-Id").ShouldHaveSingleItem().ShouldBe("abc-1.2");
        var job = worker.Claimed.ShouldHaveSingleItem();
        job.RequestId.ShouldBe("abc-1.2");
        job.TraceParent.ShouldNotBeNull().ShouldStartWith("00-0af7651916cd43dd8448eb211c80319c-");
    }

    private static string Escaped(byte[] bytes) => Convert.ToBase64String(bytes)
        .Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002b", StringComparison.Ordinal);

    private static async Task<JsonElement> ShouldBeAnswerAsync(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Cancellation));
        var answer = await JsonAsync(response);
        answer.GetProperty("model").GetProperty("weights").GetString().ShouldBe("untrained");
        answer.GetProperty("model").GetProperty("precision").GetString().ShouldBe("fp32");
        answer.GetProperty("predictions").GetArrayLength().ShouldBe(5);
        answer.GetProperty("predictions")[0].GetProperty("label").GetString().ShouldBe("label 0");
        answer.GetProperty("predictions")[0].GetProperty("class").GetInt32().ShouldBe(0);
        answer.GetProperty("predictions")[0].GetProperty("probability").GetDouble().ShouldBe(0.5);
        answer.GetProperty("timings").GetProperty("queue").GetDouble().ShouldBe(1.5);
        answer.GetProperty("timings").GetProperty("total").GetDouble().ShouldBeGreaterThan(0);
        return answer;
    }
}
